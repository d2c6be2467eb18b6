package chart

import (
	"math"
	"strconv"
)

// Density is a heat map over time: how many values of each second lie where, by shade.
type Density struct {
	Time
	Counts [][]uint32          // of each second, oldest first, by bucket
	Edge   func(i int) float64 // where the i-th bucket begins
	Shades []string            // from few to most, a character each
	Inks   []string            // of the shades: escape sequences that open their colours
}

// Draw returns h lines of exactly w cells.
func (d Density) Draw(w, h int) []string {
	counts := d.Counts[max(len(d.Counts)-max(d.Span, 0), 0):]
	low, high := extent(counts)
	n := high - low + 1
	bucket := func(y, rows int) int { return low + (rows-1-y)*n/rows } // the first of a row
	return d.draw(w, h, frame{
		labels: func(rows int) []string {
			out := make([]string, rows)
			if n <= 0 {
				return out
			}
			every, before := max((rows+3)/4, 1), -1
			for y := rows - 1; y >= 0; y -= every {
				if b := bucket(y, rows); b != before {
					out[y], before = short(d.Edge(b)), b
				}
			}
			return out
		},
		paint: func(g *grid) {
			if n > 0 {
				d.shade(g, counts, bucket)
			}
		},
	})
}

// shade draws the seconds of a column and the buckets of a row as one cell. The scale is that of the square
// root: a few slow answers are what one looks for.
func (d Density) shade(g *grid, counts [][]uint32, bucket func(y, rows int) int) {
	sums, most := make([]float64, g.w*g.h), 0.0
	offset := d.Span - len(counts)
	for y := range g.h {
		from, to := bucket(y, g.h), bucket(y-1, g.h)
		for x := range g.w {
			first, past := x*d.Span/g.w-offset, (x+1)*d.Span/g.w-offset
			past = max(past, first+1)
			sum := 0.0
			for k := max(first, 0); k < min(past, len(counts)); k++ {
				for b := from; b < min(max(to, from+1), len(counts[k])); b++ {
					sum += float64(counts[k][b])
				}
			}
			sums[y*g.w+x] = sum
			most = max(most, sum)
		}
	}
	for i, sum := range sums {
		if sum > 0 {
			k := min(int(math.Sqrt(sum/most)*float64(len(d.Shades))), len(d.Shades)-1)
			g.cells[i] = cell{r: []rune(d.Shades[k])[0], style: d.Inks[k]}
		}
	}
}

// extent is the first and the last bucket in which some second has something; high is below low where none has.
func extent(counts [][]uint32) (low, high int) {
	low, high = math.MaxInt, -1
	for _, second := range counts {
		for b, n := range second {
			if n > 0 {
				low, high = min(low, b), max(high, b)
			}
		}
	}
	if high < 0 {
		return 0, -1
	}
	return low, high
}

// short writes a value with at most three digits or, where it is larger, whole.
func short(v float64) string {
	decimals := 0
	if v < 9.95 && v > 0 {
		decimals = 1
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}
