package chart

// Band is a part of an Area.
type Band struct {
	Values []float64 // one a second, oldest first, not negative
	Style  string    // escape sequence that opens its colour
	Ground string    // the same for a background
	Fill   rune      // what it is filled with where colours don't tell; 0: it is one surface
	End    string    // at its right, in single cells; none without
}

// Area is how a whole was shared over time: bands that lie on each other and fill the height, the first at the
// bottom.
type Area struct {
	Time
	Bands []Band
}

// Draw returns h lines of exactly w cells.
func (a Area) Draw(w, h int) []string {
	return a.draw(w, h, frame{
		labels: func(rows int) []string {
			out := make([]string, rows)
			if out[0] = "100%"; rows > 1 {
				out[rows-1] = "0"
			}
			if rows >= 5 {
				out[rows/2] = "50%"
			}
			return out
		},
		paint: a.paint,
		ends:  a.ends,
	})
}

// paint fills the columns.
func (a Area) paint(g *grid) {
	for x := range g.w {
		edges := a.edges(x*a.Span/g.w, (x+1)*a.Span/g.w)
		if edges == nil {
			continue
		}
		for y := range g.h {
			*g.at(x, y) = a.cell(edges, float64(g.h-1-y)/float64(g.h), float64(g.h-y)/float64(g.h))
		}
	}
}

// edges are the upper ends of the bands from one second to another, 0-1, rising; nil where nothing was shared.
func (a Area) edges(from, to int) []float64 {
	edges, sum := make([]float64, len(a.Bands)), 0.0
	for i := range a.Bands {
		values := last(a.Bands[i].Values, a.Span)
		offset := a.Span - len(values)
		for k := max(from-offset, 0); k < min(max(to, from+1)-offset, len(values)); k++ {
			if v := values[k]; clean(v) && v > 0 {
				sum += v
			}
		}
		edges[i] = sum
	}
	if sum <= 0 || !clean(sum) {
		return nil
	}
	for i := range edges {
		edges[i] /= sum
	}
	return edges
}

// cell is what lies between two heights: one band or, where it is cut, the lower and the upper one.
func (a Area) cell(edges []float64, low, high float64) cell {
	const steps = 8
	step := (high - low) / steps
	lower, upper := bandAt(edges, low+step/2), bandAt(edges, high-step/2)
	if a.Bands[lower].Fill != 0 || a.Bands[upper].Fill != 0 {
		b := &a.Bands[bandAt(edges, (low+high)/2)]
		if b.Fill != 0 {
			return cell{r: b.Fill, style: b.Style}
		}
		return cell{r: '█', style: b.Style}
	}
	if lower == upper {
		return cell{r: '█', style: a.Bands[lower].Style}
	}
	eighths := 1
	for eighths < steps-1 && bandAt(edges, low+step*(float64(eighths)+0.5)) == lower {
		eighths++
	}
	return cell{r: blocks[eighths], style: a.Bands[lower].Style, ground: a.Bands[upper].Ground}
}

var blocks = []rune(" ▁▂▃▄▅▆▇█")

// bandAt is the band at a height.
func bandAt(edges []float64, v float64) int {
	for i, edge := range edges {
		if v < edge {
			return i
		}
	}
	return len(edges) - 1
}

// ends name the bands at the right, each in its middle as it is now; those that are too thin have none.
func (a Area) ends(rows int) []endLabel {
	edges := a.edges(a.Span-1, a.Span)
	var out []endLabel
	for i, low := 0, 0.0; i < len(edges); i++ {
		row := rows - 1 - min(int((low+edges[i])/2*float64(rows)), rows-1)
		if n := len(out); a.Bands[i].End != "" && edges[i] > low && (n == 0 || out[n-1].row != row) {
			out = append(out, endLabel{row, a.Bands[i].End, a.Bands[i].Style})
		}
		low = edges[i]
	}
	return out
}
