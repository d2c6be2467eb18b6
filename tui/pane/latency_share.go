package pane

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// shares is the picture of who got the traffic, second by second: a learner that learns can be seen in it.
type shares struct {
	drawn box.Memo[sharing, []string]
}

// sharing is all that the picture depends on.
type sharing struct {
	plotting
	servers int
}

// draw is the area under a line that says what it is, and whose colour is whose where that does not stand beside it.
func (p *shares) draw(s *box.Sight, span []metrics.Second, w, h int, m margins) []string {
	key := sharing{plottingOf(s, span, w, h), len(s.Snap.Servers)}
	key.margins = m
	return p.drawn.Of(key, func() []string {
		t, bands := s.Theme, shareBands(s, span)
		area := chart.Area{Time: timeAxis(s, span, w)}
		area.Captions, area.Ticks, area.Left, area.Right = nil, nil, m.left, m.right
		for i := range area.Shades {
			area.Shades[i].Ground = "" // it lies under the area
		}
		head := " " + t.Dim.On("traffic, by server")
		if w < namedEnds || t.Fill(0) != 0 {
			head = shareLegend(t, bands, w)
		}
		for i := range bands {
			b := &bands[i]
			if w >= namedEnds && t.Fill(0) == 0 {
				b.End = b.brief + " " + format.Percent(b.latest)
			}
			area.Bands = append(area.Bands, b.Band)
		}
		return append([]string{head}, area.Draw(w, h-1)...)
	})
}

// shareBand is a server's part of the traffic, or that of many.
type shareBand struct {
	chart.Band
	name   string
	brief  string // where there is little room
	ink    theme.Ink
	latest float64 // of the last seconds, 0-1
}

// shareBands are the servers, the first at the bottom. Of many, those with the most traffic stand alone.
func shareBands(s *box.Sight, span []metrics.Second) []shareBand {
	t, list := s.Theme, s.Snap.Servers
	order := make([]int, len(list))
	sums := make([]uint64, len(list))
	for i := range order {
		order[i] = i
		for k := range span {
			if i < len(span[k].Servers) {
				sums[i] += span[k].Servers[i].Requests
			}
		}
	}
	most := max(t.ServersApart(), few/4) + 2 // a few colours that repeat can be told apart
	var others []int
	if len(order) > most {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sums[b], sums[a]) })
		order, others = order[:most-1], order[most-1:]
		slices.Sort(order)
	}
	names := s.Names(7)
	fill := func(n int, ink theme.Ink, bands []shareBand) rune {
		if n > 0 && bands[n-1].ink == ink && bands[n-1].Fill == 0 {
			return []rune(t.Glyphs.Shades[1])[0] // colours repeat: two that touch are apart all the same
		}
		return t.Fill(n)
	}
	var bands []shareBand
	for n, i := range order {
		bands = append(bands, shareBand{
			Band: chart.Band{Values: requestsOf(s, i), Style: string(t.Server(i)), Ground: string(t.ServerGround(i)), Fill: fill(n, t.Server(i), bands)},
			name: names[i], brief: names[i], ink: t.Server(i), latest: list[i].Share,
		})
	}
	if len(others) == 0 {
		return bands
	}
	rest := shareBand{Band: chart.Band{Values: make([]float64, len(span)), Style: string(t.Border), Ground: string(t.BorderGround()), Fill: t.Fill(len(bands))}, name: format.Count(uint64(len(others))) + " others", brief: "others", ink: t.Border}
	for _, i := range others {
		rest.latest += format.Finite(list[i].Share)
		for k, v := range requestsOf(s, i) {
			rest.Values[k] += format.Finite(v)
		}
	}
	return append(bands, rest)
}

func requestsOf(s *box.Sight, i int) []float64 {
	return s.Series(i, func(v metrics.ServerSecond) float64 { return float64(v.Requests) })
}

// shareLegend says whose band is whose, of as many as there is room for.
func shareLegend(t *theme.Theme, bands []shareBand, w int) string {
	line := " " + t.Dim.On("traffic")
	if n := len(bands) - 1; n > 0 && bands[n].ink == t.Border { // of many, the others are said first
		bands = append([]shareBand{bands[n]}, bands[:n]...)
	}
	for _, b := range bands {
		swatch := t.Glyphs.Full
		if b.Fill != 0 {
			swatch = string(b.Fill)
		}
		part := "  " + b.ink.On(swatch+" "+b.name) + " " + format.Percent(b.latest)
		if ansi.StringWidth(line)+ansi.StringWidth(part) > w {
			break
		}
		line += part
	}
	return strings.TrimRight(line, " ")
}
