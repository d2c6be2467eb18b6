package pane

import (
	"fmt"
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Latency is the pane of how long answers took over the time window, and of what RR and RL made of it.
type Latency struct {
	view    latencyView
	plotted box.Memo[plotting, []string]
	shared  shares
}

// NewLatency returns the pane with one of Charts, the first where the name is another.
func NewLatency(chart string) *Latency {
	return &Latency{view: latencyView(max(slices.Index(latencyViewNames[:], chart), 0))}
}

// latencyView is how latencies are shown.
type latencyView int

const (
	viewLines latencyView = iota
	viewDensity
	viewHistogram
	latencyViews
)

var latencyViewNames = [latencyViews]string{"lines", "heat map", "histogram"}

// Charts are the ways in which latencies can be shown, the default first.
func Charts() []string { return latencyViewNames[:] }

// Title is that of the pane.
func (p *Latency) Title(*box.Sight) string { return "Latency" }

// Keys turn how latencies are shown.
func (p *Latency) Keys() []box.Key {
	return []box.Key{
		{Binding: key.NewBinding(key.WithKeys("v"), key.WithHelp("v", "latency as lines, heat map, histogram")), Group: "View", Word: "view"},
	}
}

// Press turns how latencies are shown.
func (p *Latency) Press(_ *box.Sight, k tea.KeyPressMsg) box.Act {
	if k.String() != "v" {
		return box.Act{}
	}
	p.view = (p.view + 1) % latencyViews
	return box.Act{Keep: box.Preference{Name: "chart", Value: latencyViewNames[p.view]}, Say: "latency as " + latencyViewNames[p.view]}
}

// Draw is the chart over the comparison, with more about it where there is room.
func (p *Latency) Draw(s *box.Sight, w, h int) (string, []string) {
	t, span := s.Theme, s.Seconds()
	aside := t.Dim.On(format.Short(s.Window))
	if len(span) == 0 {
		return aside, []string{"", " " + t.Dim.On("the first second is not over yet")}
	}
	versus := Versus(s, w)
	if p.view != viewLines {
		const least = 8 // lines of what was asked for
		if aside = t.Dim.On(latencyViewNames[p.view]+" ") + aside; h-len(versus) < least {
			versus = nil
		}
	}
	var lines, below []string
	switch {
	case p.view == viewHistogram: // it has a legend of its own
	case h >= len(versus)+9:
		lines = append(lines, p.legend(s, span, w))
	case p.view == viewLines:
		aside = lineNames(t) + t.Dim.On(t.Glyphs.Dot+" ") + aside
		if len(t.Glyphs.Chart.Marks) > 0 {
			aside = lineMarks(t) + t.Dim.On(format.Short(s.Window))
		}
	}
	if room := h - len(lines) - len(versus); room >= 12 && p.view != viewHistogram {
		below = append(below, traffic(s, span, w), "")
	}
	if s.Place == box.Zoomed && p.view != viewHistogram {
		below = append(below, marked(s, span, w, min(h-len(lines)-len(below)-len(versus)-12, 8))...)
	}
	room := h - len(lines) - len(below) - len(versus)
	area, m := 0, margins{}
	if p.view != viewHistogram {
		if area = areaHeight(room); area > 0 {
			m = sharedMargins(w)
		}
	}
	if room -= area; room >= 3 {
		lines = append(lines, p.plot(s, span, w, room, m)...)
	}
	if area > 0 {
		lines = append(lines, p.shared.draw(s, span, w, area, m)...)
	}
	lines = append(lines, below...)
	return aside, append(lines, versus...)
}

// margins are the cells left and right of a chart that its labels have at least.
type margins struct{ left, right int }

// sharedMargins are those of charts above each other, w cells wide: what happened at one time stands in one column.
func sharedMargins(w int) margins {
	if w < namedEnds {
		return margins{5, 7}
	}
	return margins{5, 13}
}

// areaHeight is how many of the chart's lines who got the traffic is given, if enough are left.
func areaHeight(room int) int {
	if room < 12 {
		return 0
	}
	return min(max(room*2/5, 5), 16)
}

// plotting is all that the chart depends on.
type plotting struct {
	theme                 *theme.Theme
	view                  latencyView
	window, last          time.Duration
	w, h, seconds, events int
	phases                int
	margins               margins
}

// plot draws the chart anew when a second has closed or something has happened.
func (p *Latency) plot(s *box.Sight, span []metrics.Second, w, h int, m margins) []string {
	key := plottingOf(s, span, w, h)
	key.view, key.margins = p.view, m
	return p.plotted.Of(key, func() []string {
		switch p.view {
		case viewDensity:
			d := densityOf(s, span)
			d.Left, d.Right = m.left, m.right
			return d.Draw(w, h)
		case viewHistogram:
			return histogram(s, w, h)
		}
		lines := linesOf(s, span, w)
		lines.Left, lines.Right = m.left, m.right
		return lines.Draw(w, h)
	})
}

func plottingOf(s *box.Sight, span []metrics.Second, w, h int) plotting {
	key := plotting{theme: s.Theme, window: s.Window, last: span[len(span)-1].At, w: w, h: h, seconds: len(span), phases: len(s.Snap.Phases)}
	if n := len(s.Snap.Events); n > 0 {
		key.events = int(s.Snap.Events[n-1].Number)
	}
	return key
}

// legend says what is drawn, and what the letters on the time axis mean.
func (p *Latency) legend(s *box.Sight, span []metrics.Second, w int) string {
	t := s.Theme
	text := " " + lineNames(t)
	if p.view == viewDensity {
		text = " " + t.Dim.On("few ")
		for i, shade := range t.Glyphs.Shades {
			text += t.Density[i].On(shade)
		}
		text += t.Dim.On(" many answers, in ms  ")
	} else if rr, _ := besideBaseline(s); rr != nil {
		text += t.Dim.On(string(t.Glyphs.Chart.Dotted) + " RR mean  ")
	}
	return format.Fit(text+markKeys(s, span, w-ansi.StringWidth(text)), w)
}

// traffic is the sparkline of completed requests.
func traffic(s *box.Sight, span []metrics.Second, w int) string {
	t := s.Theme
	values := make([]float64, len(span))
	for i := range span {
		values[i] = float64(span[i].Requests)
	}
	return " " + t.Dim.On("rps ") + format.Right(format.Rate(latest(values)), 5) + " " + t.P50.On(chart.Spark(chart.Squeeze(values, w-12), w-12, t.Glyphs.Chart))
}

// marked says what the newest markers stand for, in at most room lines.
func marked(s *box.Sight, span []metrics.Second, w, room int) []string {
	t, from := s.Theme, span[0].At
	written := s.EventsIn(w)
	var out []string
	for i := len(s.Snap.Events) - 1; i >= 0 && len(out) < room-1; i-- {
		e := &s.Snap.Events[i]
		if mark, ok := marks[e.Kind]; ok && e.At >= from-time.Second {
			out = append(out, fmt.Sprintf(" %s %s %s", t.Marker.On(string(mark)), t.Dim.On(format.Clock(e.At)), written(e, w-10)))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return append(out, "")
}
