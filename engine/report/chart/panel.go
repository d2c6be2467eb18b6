package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	shownMarkers = 9    // markers on a line, so that it can be told from others without colours
	labelRows    = 3    // labels of neighbouring shades or marks stand at different heights
	labelHeight  = 10   // points
	rowFilled    = 0.76 // of a row of bars
)

var _ plot.Plotter = Panel{}

// Plot draws the panel: gonum's plot.Plotter.
func (panel Panel) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := panel.transforms(c, p)
	small := writing(7.5, faint, false)
	for _, s := range panel.Shades {
		c.FillPolygon(shade, rectangle(x(s.From), c.Min.Y, x(s.To), c.Max.Y))
	}
	for _, s := range panel.Shades {
		edge := draw.LineStyle{Color: shadeEdge, Width: 0.6}
		c.StrokeLine2(edge, x(s.From), c.Min.Y, x(s.From), c.Max.Y)
		c.StrokeLine2(edge, x(s.To), c.Min.Y, x(s.To), c.Max.Y)
	}
	panel.grid(c, p)
	panel.shadeLabels(c, x, small)
	for _, l := range panel.Lines {
		l.draw(&c, x, y)
	}
	for _, b := range panel.Bars {
		b.draw(&c, x, y, len(panel.Y.Names))
	}
	panel.marks(c, x)
}

// shadeLabels writes each label as high as there is room beside those before it.
func (panel Panel) shadeLabels(c draw.Canvas, x func(float64) vg.Length, style text.Style) {
	var taken [labelRows]vg.Length
	for i, s := range panel.Shades {
		width := style.Width(s.Label)
		at := vg.Point{X: min(x(s.From)+2, c.Max.X-width)}
		row := slices.IndexFunc(taken[:], func(end vg.Length) bool { return at.X >= end })
		if row < 0 {
			row = i % labelRows
		}
		taken[row] = at.X + width
		at.Y = c.Max.Y - labelHeight*vg.Length(1+row)
		c.FillText(style, at, s.Label)
	}
}

// marks draws each label behind its line, or before it where the next line or the end is too near.
func (panel Panel) marks(c draw.Canvas, x func(float64) vg.Length) {
	label := writing(7.5, ink, false)
	for i, m := range panel.Marks {
		at := vg.Point{X: x(m.At), Y: c.Max.Y - labelHeight*vg.Length(1+i%labelRows)}
		c.StrokeLine2(draw.LineStyle{Color: ink, Width: 0.8, Dashes: []vg.Length{2, 2}}, at.X, c.Min.Y, at.X, c.Max.Y)
		end, width := c.Max.X, label.Width(m.Label)
		if i+1 < len(panel.Marks) {
			end = x(panel.Marks[i+1].At)
		}
		at.X += 2
		if at.X+width > end {
			at.X -= width + 4
		}
		c.FillText(label, at, m.Label)
	}
}

// transforms maps values to places on the canvas.
func (panel Panel) transforms(c draw.Canvas, p *plot.Plot) (x, y func(float64) vg.Length) {
	across, up := p.Transforms(&c)
	return func(v float64) vg.Length { return across(panel.X.place(v)) },
		func(v float64) vg.Length { return up(panel.Y.place(v)) }
}

func (panel Panel) grid(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c) // ticks are in their places already
	thin := draw.LineStyle{Color: grid, Width: 0.5}
	for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
		if !t.IsMinor() {
			c.StrokeLine2(thin, x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
		}
	}
	if panel.Y.Names != nil {
		return
	}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if !t.IsMinor() {
			c.StrokeLine2(thin, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
		}
	}
}

func (l Line) draw(c *draw.Canvas, x, y func(float64) vg.Length) {
	s := styleOf(l.Style)
	if l.Filled {
		l.histogram(c, x, y)
		return
	}
	for _, piece := range pieces(l.Y) {
		var points, band []vg.Point
		for i := piece[0]; i < piece[1]; i++ {
			points = append(points, vg.Point{X: x(l.X[i]), Y: y(l.Y[i])})
		}
		if l.Low != nil && len(points) > 1 {
			for i := piece[0]; i < piece[1]; i++ {
				band = append(band, vg.Point{X: x(l.X[i]), Y: y(l.High[i])})
			}
			for i := piece[1] - 1; i >= piece[0]; i-- {
				band = append(band, vg.Point{X: x(l.X[i]), Y: y(l.Low[i])})
			}
			c.FillPolygon(Translucent(s.colour, 45), band)
		}
		c.StrokeLines(s.line(), points)
		apart := max(3, (len(l.Y)+shownMarkers-1)/shownMarkers)
		for i, pt := range points {
			// The offset by style keeps markers of lines that lie on each other apart.
			if len(points) == 1 || (i+l.Style*max(1, apart/3))%apart == 0 {
				c.DrawGlyph(s.marker(), pt)
			}
		}
	}
}

// pieces returns the ranges without NaN.
func pieces(y []float64) [][2]int {
	var out [][2]int
	for i, v := range y {
		switch {
		case math.IsNaN(v):
		case i > 0 && !math.IsNaN(y[i-1]):
			out[len(out)-1][1] = i + 1
		default:
			out = append(out, [2]int{i, i + 1})
		}
	}
	return out
}

func (l Line) histogram(c *draw.Canvas, x, y func(float64) vg.Length) {
	s := styleOf(l.Style)
	base := y(0)
	points := []vg.Point{}
	for i, v := range l.Y {
		points = append(points, vg.Point{X: x(l.X[i]), Y: y(v)}, vg.Point{X: x(l.X[i+1]), Y: y(v)})
	}
	if len(points) == 0 {
		return
	}
	area := append([]vg.Point{{X: points[0].X, Y: base}}, points...)
	area = append(area, vg.Point{X: points[len(points)-1].X, Y: base})
	c.FillPolygon(Translucent(s.colour, 90), area)
	c.StrokeLines(draw.LineStyle{Color: s.colour, Width: 1}, points)
}

func (b Bar) draw(c *draw.Canvas, x, y func(float64) vg.Length, names int) {
	s := styleOf(b.Style)
	height := rowFilled / float64(max(1, b.Slots))
	top := float64(names-1-b.Row) + rowFilled/2 - float64(b.Slot)*height
	end := x(b.Value)
	box := rectangle(x(0), y(top), end, y(top-0.9*height))
	c.FillPolygon(s.pale(), box)
	c.StrokeLines(draw.LineStyle{Color: s.colour, Width: 0.8}, append(box, box[0]))
	middle := y(top - 0.45*height)
	if b.Interval.Known() {
		low, high := x(b.Interval[0]), x(b.Interval[1])
		whisker := draw.LineStyle{Color: ink, Width: 1}
		c.StrokeLine2(whisker, low, middle, high, middle)
		c.StrokeLine2(whisker, low, middle-3, low, middle+3)
		c.StrokeLine2(whisker, high, middle-3, high, middle+3)
		end = max(end, high)
	}
	label := writing(min(7.5, 1.1*(y(top)-y(top-0.9*height))), ink, false)
	c.FillText(label, vg.Point{X: end + 4, Y: middle - label.Font.Size*0.35}, b.ValueText)
}

func rectangle(x0, y0, x1, y1 vg.Length) []vg.Point {
	return []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}
