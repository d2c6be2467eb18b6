package pane

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

func serverRow(t *theme.Theme, table theme.Table, i int, selected bool) string {
	if selected {
		return t.Title.On(t.Glyphs.Cursor) + t.Row(table, i)
	}
	return " " + t.Row(table, i)
}

// serverColumns are the columns that fit; what is left over goes to the trend.
func serverColumns(s *box.Sight, w int) theme.Table {
	t, list := s.Theme, s.Snap.Servers
	id, state, busy, fault, slots, wait, trend := 2, 2, 5, 0, 0, 2, 5
	if w > 50 {
		trend = 8
	}
	top := 0.0
	for i := range list {
		top = max(top, format.Finite(list[i].Share))
		if words.SlotsKnown(&list[i]) {
			slots = max(slots, min(list[i].Workers, mostSlots))
			wait = max(wait, len(words.Waiting(&list[i])))
		}
		id = max(id, ansi.StringWidth(list[i].ID))
		state = max(state, ansi.StringWidth(string(list[i].State)))
		busy = max(busy, ansi.StringWidth(words.InFlight(&list[i])))
		fault = max(fault, ansi.StringWidth(words.FaultFor(&list[i])))
	}
	number := func(f func(*live.Server) string) func(int) (theme.Ink, string) {
		return func(i int) (theme.Ink, string) { return tint(t, &list[i]), f(&list[i]) }
	}
	id = min(id, max(14, w/4))
	if slots > 0 { // on a narrow pane more workers share a cell
		slots = max(min(slots, w-id-min(state, 8)-wait-leastShare-17), 4)
	}
	names := s.Names(id)
	overTime := "P95 " + format.Short(s.Window)
	columns := []theme.Column{
		{Title: "ID", Width: id, Rank: 0, Cell: func(i int) (theme.Ink, string) {
			if list[i].ID == s.Server {
				return t.Bold + tint(t, &list[i]), names[i]
			}
			return tint(t, &list[i]), names[i]
		}},
		{Title: stateTitle(state), Width: min(state, 8), Rank: 1, Cell: func(i int) (theme.Ink, string) { return t.State(string(list[i].State)), string(list[i].State) }},
		{Title: "UTIL", Width: 4, Rank: 7, Numeric: true, Cell: number(func(s *live.Server) string { return words.Utilisation(s) })},
		{Title: "REQS", Width: busy, Rank: 5, Numeric: true, Cell: number(words.InFlight)},
		{Title: "P95", Width: 5, Rank: 3, Numeric: true, Cell: number(func(s *live.Server) string { return format.MillisIn(s.Window.P95MS, 5) })},
		{Title: "SHARE", Width: 5, Rank: 2, Numeric: true, Cell: number(words.Share)},
		{Title: shareBar, Width: leastShare, Rank: 4},
		{Title: "ERR", Width: 5, Rank: 6, Numeric: true, Cell: func(i int) (theme.Ink, string) { return errorCell(t, &list[i]) }},
		{Title: "BASE", Width: 5, Rank: 9, Numeric: true, Cell: func(i int) (theme.Ink, string) { return t.Dim, format.MillisIn(list[i].BaseDelayMS, 5) }},
		{Title: overTime, Width: max(trend, len(overTime)), Rank: 8},
	}
	if slots > 0 {
		columns[3].Rank = 10 // the same as numbers
		columns = slices.Insert(columns, 3, theme.Column{Title: "BUSY+WAIT", Width: max(slots+wait, 5), Rank: 5, Cell: func(i int) (theme.Ink, string) { return t.Server(i), slotsOf(t, &list[i], slots) }})
	}
	if fault > 0 {
		columns = append(columns, theme.Column{Title: "FAULT", Width: min(max(fault, 5), 16), Rank: 11, Cell: func(i int) (theme.Ink, string) { return t.Warn, words.FaultFor(&list[i]) }})
	}
	table := theme.Choose(columns, w)
	spare := max(w-table.Used(), 0)
	for i := range table.Columns {
		switch c := &table.Columns[i]; c.Title {
		case shareBar:
			c.Width += min(spare/2, mostShare-leastShare)
			spare -= c.Width - leastShare
			c.Cell = func(i int) (theme.Ink, string) { return t.Server(i), t.Bar(list[i].Share/top, c.Width) }
		case overTime:
			c.Width += min(spare, 30)
			c.Cell = func(i int) (theme.Ink, string) {
				return t.Dim, chart.Spark(s.Series(i, box.P95), c.Width, t.Glyphs.Chart)
			}
		}
	}
	return table
}

const (
	shareBar              = "" // is the title of what needs none
	leastShare, mostShare = 4, 24
	mostSlots             = 8
)

// tint is the ink of a server's row: one that is not well stands out.
func tint(t *theme.Theme, s *live.Server) theme.Ink {
	if s.State == live.ServerOK {
		return t.Plain
	}
	return t.State(string(s.State))
}

// slotsOf are the busy and the vacant slots of a server, and how many requests wait for one; where slots are
// not known, how many requests it has.
func slotsOf(t *theme.Theme, s *live.Server, w int) string {
	if !words.SlotsKnown(s) {
		return words.InFlight(s)
	}
	busy, vacant := t.Slots(s.InFlight-s.Queued, s.Workers, w)
	return busy + vacant + words.Waiting(s)
}

// stateTitle is as long as the column allows.
func stateTitle(w int) string {
	if w < 5 {
		return "ST"
	}
	return "STATE"
}

func errorCell(t *theme.Theme, s *live.Server) (theme.Ink, string) {
	share := words.FailedOf(s)
	if share > 0 {
		return t.Bad, format.Percent1(share)
	}
	return t.Dim, format.Percent1(share)
}

// serverCharts are three small charts of a server: latency, requests in flight and traffic.
func serverCharts(s *box.Sight, i, w int) []string {
	t := s.Theme
	width := w - 22
	small := func(name string, style theme.Ink, of func(metrics.ServerSecond) float64, unit func(float64) string) string {
		values := s.Series(i, of)
		return "   " + t.Dim.On(format.Left(name, 10, "")) + style.On(chart.Spark(values, width, t.Glyphs.Chart)) + " " + format.Right(unit(latest(values)), 7)
	}
	return []string{
		small("p95", t.P95, box.P95, format.Millis),
		small("in flight", t.Server(i), func(s metrics.ServerSecond) float64 { return float64(s.InFlight) }, format.Rate),
		small("rps", t.Server(i), func(s metrics.ServerSecond) float64 { return float64(s.Requests) }, format.Rate),
	}
}

// serverDetails are two or three lines on one server, in w cells.
func serverDetails(s *box.Sight, i, w int) []string {
	t, v, dot := s.Theme, &s.Snap.Servers[i], " "+s.Theme.Glyphs.Dot+" "
	what := v.Addr
	if v.Simulated {
		what += fmt.Sprintf("%s%d workers of %s", dot, v.Workers, format.Millis(v.BaseDelayMS))
	}
	fault, ink := words.FaultLeft(v), t.Dim
	switch {
	case fault != "":
		ink = t.Warn
	case !v.Simulated:
		fault = "for simulated servers only"
	default:
		fault = "none" + s.UnlessReadOnly(" (s slows it, f injects others)")
	}
	return []string{
		" " + t.Title.On(s.Names(w - 2)[i]) + " " + t.Dim.On(format.Printable(what)),
		" " + t.Dim.On(words.Health(v.Health)+dot+words.Failures(v)+dot+format.Count(v.Requests)+" requests"),
		" " + t.Dim.On("fault: ") + ink.On(fault),
	}
}

func latest(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return format.Finite(values[len(values)-1])
}
