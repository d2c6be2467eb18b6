package chart

import (
	"strings"
	"unicode/utf8"
)

// Time is a time axis of the last Span seconds, the newest at the right edge, and what stands on it. All of it is told
// in seconds before the newest value.
type Time struct {
	Span     int // 2 or more
	Markers  []Marker
	Shades   []Shade
	Captions []Caption
	Ticks    []Tick // with a line of their own under the axis; none without
	Glyphs   Glyphs
	Axis     string // escape sequence that opens the colour of axes and labels
	// Left and Right are the cells that labels have at least there, so that charts above each other agree on
	// where a time is.
	Left, Right int
}

// Marker is something that happened, shown on the time axis.
type Marker struct {
	Ago   int
	Rune  rune
	Style string
}

// Shade is a time that is drawn on another ground, and with a heavier axis.
type Shade struct {
	From, To int // From is longer ago
	Ground   string
	Style    string // of the axis below it
}

// Caption names what begins at a time, in a line above the chart. Where there is no room for all, those that
// come first stay.
type Caption struct {
	Ago   int
	Text  string // in single cells
	Style string
	Rule  bool // a line goes down from it
}

// Tick is a label of the time axis.
type Tick struct {
	Ago  int
	Text string // in single cells
}

// frame is what the kinds of charts over time differ in.
type frame struct {
	labels func(rows int) []string // of the rows, "" for none
	paint  func(*grid)
	ends   func(rows int) []endLabel // at the right of rows; nil for none
}

// column is where a time stands in w cells.
func (t *Time) column(ago, w int) int {
	return min(max((t.Span-1-ago)*(w-1)/(t.Span-1), 0), w-1)
}

func (t *Time) shown(ago int) bool { return ago >= 0 && ago < t.Span }

// draw returns h lines of exactly w cells: captions, the chart between its labels, the axis and its ticks, as
// far as there is room for them.
func (t *Time) draw(w, h int, f frame) []string {
	above, axis, below := 0, 1, 0
	if h < 4 {
		axis = 0
	}
	if len(t.Captions) > 0 && h >= 6 {
		above = 1
	}
	if len(t.Ticks) > 0 && h >= 6 {
		below = 1
	}
	gh := h - above - axis - below
	if t.Span < 2 || gh < 1 || w < 3 {
		return blank(w, h)
	}
	labels, gutter := f.labels(gh), max(t.Left, 1)
	for _, text := range labels {
		gutter = max(gutter, utf8.RuneCountInString(text)+1)
	}
	var ends []endLabel
	right := max(t.Right, 0)
	if f.ends != nil {
		ends = f.ends(gh)
		for _, e := range ends {
			right = max(right, e.width()+1)
		}
	}
	const least = 16 // of the chart, beside which its ends are of less use
	if w-gutter-right < least {
		ends, right = nil, 0
	}
	gw := w - gutter - right
	if gw < 2 {
		return blank(w, h)
	}
	g := newGrid(gw, gh)
	f.paint(g)
	t.ground(g)
	out := make([]string, 0, h)
	if above == 1 {
		out = append(out, strings.Repeat(" ", gutter)+t.captions(gw)+strings.Repeat(" ", right))
	}
	for y := range gh {
		tick := t.Glyphs.Vertical
		if labels[y] != "" {
			tick = t.Glyphs.Tick
		}
		line := paint(t.Axis, strings.Repeat(" ", gutter-1-utf8.RuneCountInString(labels[y]))+labels[y]+string(tick)) + g.row(y)
		out = append(out, line+endOf(ends, y, right))
	}
	if axis == 1 {
		out = append(out, t.axis(gutter, gw)+strings.Repeat(" ", right))
	}
	if below == 1 {
		out = append(out, t.tickLine(gutter, gw, w))
	}
	return out
}

func endOf(ends []endLabel, y, w int) string {
	for _, e := range ends {
		if e.row == y {
			return " " + paint(e.style, e.text) + strings.Repeat(" ", w-1-e.width())
		}
	}
	return strings.Repeat(" ", w)
}

// ground shades, and draws the lines of the captions where nothing else is.
func (t *Time) ground(g *grid) {
	for _, s := range t.Shades {
		from, to, ok := t.columns(s, g.w)
		for x := from; ok && x <= to; x++ {
			for y := range g.h {
				if at := g.at(x, y); at.ground == "" {
					at.ground = s.Ground
				}
			}
		}
	}
	for _, c := range t.Captions {
		if !c.Rule || !t.shown(c.Ago) {
			continue
		}
		for y := range g.h {
			if at := g.at(t.column(c.Ago, g.w), y); at.r == 0 {
				at.r, at.style = t.Glyphs.Rule, c.Style
			}
		}
	}
}

// columns are those of a shade, if any is shown.
func (t *Time) columns(s Shade, w int) (from, to int, ok bool) {
	if s.From < 0 || s.To >= t.Span || s.From < s.To {
		return 0, 0, false
	}
	return t.column(s.From, w), t.column(s.To, w), true
}

// captions is the line above the chart. One begins where its time is, or right of the one before.
func (t *Time) captions(w int) string {
	g := newGrid(w, 1)
	for _, c := range t.Captions {
		x := t.column(min(c.Ago, t.Span-1), w)
		for x < w && g.at(x, 0).r != 0 {
			x++
		}
		if x > 0 && g.at(x-1, 0).r != 0 {
			x++
		}
		room := 0
		for x+room < w && g.at(x+room, 0).r == 0 {
			room++
		}
		if x+room < w {
			room-- // a blank before the next
		}
		g.write(x, 0, inWords(c.Text, room), c.Style)
	}
	return g.row(0)
}

// inWords is as much of a text as there is room for: whole words if it has more than one.
func inWords(text string, room int) string {
	runes := []rune(text)
	if len(runes) <= room {
		return text
	}
	cut := string(runes[:max(room, 0)])
	if !strings.Contains(text, " ") || runes[len([]rune(cut))] == ' ' {
		return cut
	}
	return cut[:max(strings.LastIndexByte(cut, ' '), 0)]
}

// axis is the time axis: heavy where it is shaded, with the ticks and the markers on it.
func (t *Time) axis(gutter, gw int) string {
	g := newGrid(gw, 1)
	for x := range gw {
		g.cells[x] = cell{r: t.Glyphs.Horizontal, style: t.Axis}
	}
	for _, k := range t.Ticks {
		if t.shown(k.Ago) {
			g.at(t.column(k.Ago, gw), 0).r = t.Glyphs.TimeTick
		}
	}
	for _, s := range t.Shades {
		from, to, ok := t.columns(s, gw)
		for x := from; ok && x <= to; x++ {
			g.cells[x] = cell{r: t.Glyphs.Heavy, style: s.Style}
		}
	}
	for _, m := range t.Markers {
		if t.shown(m.Ago) {
			g.cells[t.column(m.Ago, gw)] = cell{r: m.Rune, style: m.Style}
		}
	}
	return paint(t.Axis, strings.Repeat(" ", gutter-1)+string(t.Glyphs.Corner)) + g.row(0)
}

// tickLine has the labels of the ticks, each under its own; the newest one comes first where they meet.
func (t *Time) tickLine(gutter, gw, w int) string {
	g := newGrid(w, 1)
	for i := len(t.Ticks) - 1; i >= 0; i-- {
		k := t.Ticks[i]
		n := utf8.RuneCountInString(k.Text)
		if !t.shown(k.Ago) || n > w {
			continue
		}
		x := min(max(gutter+t.column(k.Ago, gw)-n/2, 0), w-n)
		free := true
		for c := max(x-1, 0); c < min(x+n+1, w); c++ {
			free = free && g.at(c, 0).r == 0
		}
		if free {
			g.write(x, 0, k.Text, t.Axis)
		}
	}
	return g.row(0)
}
