package tui

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// servers is the pane of the upstreams: one row each, then the charts or details of each or of
// the selected one, as the room allows.
func (m *Model) servers(w, h int) (string, []string) {
	t, list := m.theme, m.snap.Servers
	aside := ""
	if m.snap.Listen != "" {
		aside = t.Dim.On("proxy ") + m.snap.Listen
	}
	if len(list) == 0 {
		return aside, []string{"", " " + t.Dim.On("no servers yet")}
	}
	shown := m.shownServers()
	if len(shown) == 0 {
		return aside, m.filters[paneServers].NoMatch(m.theme, w)
	}
	columns := m.serverColumns(w - 1)
	lines := []string{" " + t.Heading(columns)}
	at := max(slices.Index(shown, m.serverIndex()), 0)
	n := len(shown)
	if per := m.chartLines(n, w, h); per > 0 {
		for i := range list {
			lines = append(lines, m.serverRow(columns, i, i == at))
			lines = append(lines, m.serverCharts(i, w)...)
			lines = append(lines, make([]string, per-4)...)
		}
		return aside, lines
	}
	rows := h - 1
	if n > rows || n < len(list) {
		aside = t.Dim.On(fmt.Sprintf("%d/%d ", at+1, n)) + aside
	}
	first := box.Visible(0, at, n, rows)
	for i := first; i < min(first+rows, n); i++ {
		lines = append(lines, m.serverRow(columns, shown[i], list[shown[i]].ID == m.selected))
	}
	if rows-n >= 3 {
		lines = append(lines, "")
		lines = append(lines, m.serverDetails(&list[max(m.serverIndex(), 0)])...)
	}
	return aside, lines
}

// chartLines is how many lines each of n servers gets where there is room for charts of each: a row,
// three charts and perhaps a blank; 0 otherwise.
func (m *Model) chartLines(n, w, h int) int {
	switch {
	case n < len(m.snap.Servers) || w < 50 || h-1 < 4*n:
		return 0
	case h-1 < 5*n:
		return 4
	}
	return 5
}

// serverOnLine is the server that line y of the pane's inside belongs to, -1 when there is none.
func (m *Model) serverOnLine(y, w, h int) int {
	shown := m.shownServers()
	if y < 1 || len(shown) == 0 {
		return -1
	}
	i := y - 1
	if per := m.chartLines(len(shown), w, h); per > 0 {
		i /= per
	} else {
		i += box.Visible(0, max(slices.Index(shown, m.serverIndex()), 0), len(shown), h-1)
		if y > h-1 {
			return -1
		}
	}
	if i >= len(shown) {
		return -1
	}
	return shown[i]
}

func (m *Model) serverRow(columns []theme.Column, i int, selected bool) string {
	t := m.theme
	if selected {
		return t.Title.On(t.Glyphs.Cursor) + t.Row(columns, i)
	}
	return " " + t.Row(columns, i)
}

// serverColumns are the columns that fit; what is left over goes to the trend.
func (m *Model) serverColumns(w int) []theme.Column {
	t, list, sight := m.theme, m.snap.Servers, m.sight()
	id, state, fault, trend := 2, 2, 0, 5
	if w > 50 {
		trend = 8
	}
	for i := range list {
		id = max(id, ansi.StringWidth(list[i].ID))
		state = max(state, ansi.StringWidth(string(list[i].State)))
		fault = max(fault, ansi.StringWidth(words.FaultFor(&list[i])))
	}
	number := func(f func(*live.Server) string) func(int) (theme.Ink, string) {
		return func(i int) (theme.Ink, string) { return t.Plain, f(&list[i]) }
	}
	id = min(id, max(14, w/4))
	columns := []theme.Column{
		{Title: "ID", Width: id, Rank: 0, Cell: func(i int) (theme.Ink, string) {
			name := format.Middle(format.Printable(list[i].ID), id, t.Glyphs.Ellipsis)
			if list[i].ID == m.selected {
				return t.Bold, name
			}
			return t.Plain, name
		}},
		{Title: stateTitle(state), Width: min(state, 8), Rank: 1, Cell: func(i int) (theme.Ink, string) { return t.State(string(list[i].State)), string(list[i].State) }},
		{Title: "UTIL", Width: 4, Rank: 5, Numeric: true, Cell: number(func(s *live.Server) string { return words.Utilisation(s) })},
		{Title: "ACT+Q", Width: 5, Rank: 4, Numeric: true, Cell: number(words.InFlight)},
		{Title: "P95", Width: 6, Rank: 2, Numeric: true, Cell: number(func(s *live.Server) string { return format.Millis(s.Window.P95MS) })},
		{Title: "SHARE", Width: 5, Rank: 3, Numeric: true, Cell: number(func(s *live.Server) string { return format.Percent(s.Share) })},
		{Title: "ERR", Width: 5, Rank: 7, Numeric: true, Cell: func(i int) (theme.Ink, string) { return m.errorCell(&list[i]) }},
		{Title: "BASE", Width: 5, Rank: 8, Numeric: true, Cell: func(i int) (theme.Ink, string) { return t.Dim, format.Millis(list[i].BaseDelayMS) }},
		{Title: "TREND", Width: trend, Rank: 6},
	}
	if fault > 0 {
		columns = append(columns, theme.Column{Title: "FAULT", Width: min(max(fault, 5), 16), Rank: 9, Cell: func(i int) (theme.Ink, string) { return t.Warn, words.FaultFor(&list[i]) }})
	}
	columns = theme.Choose(columns, w)
	for i := range columns {
		if c := &columns[i]; c.Title == "TREND" {
			c.Width += min(max(w-theme.Used(columns), 0), 30)
			c.Cell = func(i int) (theme.Ink, string) {
				return t.Dim, chart.Spark(sight.Series(i, box.P95), c.Width, t.Glyphs.Chart)
			}
		}
	}
	return columns
}

// stateTitle is as long as the column allows.
func stateTitle(w int) string {
	if w < 5 {
		return "ST"
	}
	return "STATE"
}

func (m *Model) errorCell(s *live.Server) (theme.Ink, string) {
	share := 0.0
	if s.Window.Requests > 0 {
		share = float64(s.Window.Failures) / float64(s.Window.Requests)
	}
	if share > 0 {
		return m.theme.Bad, format.Percent1(share)
	}
	return m.theme.Dim, format.Percent1(share)
}

// serverCharts are three small charts of a server: latency, requests in flight and traffic.
func (m *Model) serverCharts(i, w int) []string {
	t, sight := m.theme, m.sight()
	width := w - 22
	small := func(name string, style theme.Ink, of func(metrics.ServerSecond) float64, unit func(float64) string) string {
		values := sight.Series(i, of)
		return "   " + t.Dim.On(format.Left(name, 10, "")) + style.On(chart.Spark(values, width, t.Glyphs.Chart)) + " " + format.Right(unit(latest(values)), 7)
	}
	plain := func(v float64) string { return format.Rate(v) }
	return []string{
		small("p95", t.P95, box.P95, format.Millis),
		small("in flight", t.P50, func(s metrics.ServerSecond) float64 { return float64(s.InFlight) }, plain),
		small("rps", t.P99, func(s metrics.ServerSecond) float64 { return float64(s.Requests) }, plain),
	}
}

// serverDetails are two or three lines on one server.
func (m *Model) serverDetails(s *live.Server) []string {
	t, dot := m.theme, " "+m.theme.Glyphs.Dot+" "
	what := s.Addr
	if s.Simulated {
		what += fmt.Sprintf("%s%d workers of %s", dot, s.Workers, format.Millis(s.BaseDelayMS))
	}
	fault := words.FaultLeft(s)
	switch {
	case fault != "":
	case !s.Simulated:
		fault = "for simulated servers only"
	default:
		fault = "none" + m.unlessReadOnly(" (s slows it, f injects others)")
	}
	return []string{
		" " + t.Title.On(format.Printable(s.ID)) + " " + t.Dim.On(format.Printable(what)),
		" " + t.Dim.On(fmt.Sprintf("%s requests%s%s failed%s%s", format.Count(s.Requests), dot, format.Count(s.Failures), dot, words.Health(s.Health))),
		" " + t.Dim.On("fault: ") + t.Warn.On(fault),
	}
}

func latest(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return format.Finite(values[len(values)-1])
}
