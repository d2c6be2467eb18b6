package dialog

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Server is all that is known of the selected server. It follows the snapshot.
type Server struct {
	scroll box.Scroll
	pane   box.Box // of the servers: it says which one is the next
}

// AskServer opens the details of the server selected in a pane.
func AskServer(s *box.Sight, pane box.Box) box.Act {
	if s.Selected() == nil {
		return box.Complain("no server is selected")
	}
	return box.Act{Open: &Server{pane: pane}}
}

// Title is the server's id.
func (d *Server) Title(s *box.Sight) string { return s.Server }

// Press scrolls, or goes to another server.
func (d *Server) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "q", "enter":
		return box.Act{Close: true}
	case "j", "down", "k", "up":
		return d.pane.Press(s, k)
	case "ctrl+d", "pgdown", "space":
		d.scroll.By(box.Half / 2)
	case "ctrl+u", "pgup":
		d.scroll.By(-box.Half / 2)
	}
	return box.Act{}
}

// Draw has a line for each thing that is known, and as many events as there is room for.
func (d *Server) Draw(s *box.Sight, w, h int) (string, []string) {
	t, v := s.Theme, s.Selected()
	if v == nil {
		return "", []string{"this server is gone"}
	}
	w = min(w, 90)
	var out []string
	add := func(name, text string) {
		for _, line := range format.Wrap(format.Printable(text), w-12) {
			out = append(out, t.Dim.On(format.Left(name, 12, ""))+line)
			name = ""
		}
	}
	dot := " " + t.Glyphs.Dot + " "
	kind := "not simulated"
	if v.Simulated {
		kind = fmt.Sprintf("simulated%s%d workers of %s", dot, v.Workers, format.Millis(v.BaseDelayMS))
	}
	add("address", v.Addr+dot+kind)
	add("state", string(v.State)+dot+words.Health(v.Health)+dot+"utilisation "+words.Utilisation(v))
	add("requests", fmt.Sprintf("%s in flight%soldest %s%s%s of the traffic", words.InFlight(v), dot, format.Seconds(v.OldestAge), dot, format.Percent(v.Share)))
	sum := &v.Window
	add("last 5 s", fmt.Sprintf("mean %s%sp50 %s%sp95 %s%sp99 %s%s%s failed", format.Millis(sum.MeanMS), dot, format.Millis(sum.P50MS), dot, format.Millis(sum.P95MS), dot, format.Millis(sum.P99MS), dot, format.Count(sum.Failures)))
	add("since start", fmt.Sprintf("%s requests%s%s failed", format.Count(v.Requests), dot, format.Count(v.Failures)))
	fault := words.FaultLeft(v)
	switch {
	case fault != "":
		add("fault", fault)
	case v.Simulated:
		add("fault", "none")
	}
	if h >= 16 {
		values := s.Series(s.Index(), box.P95)
		out = append(out, t.Dim.On(format.Left("p95, "+format.Short(s.Window), 12, ""))+t.P95.On(chart.Spark(chart.Squeeze(values, w-12), w-12, t.Glyphs.Chart)))
	}
	if room := h - len(out) - 4; room > 0 {
		out = append(out, "")
		out = append(out, happened(s, v.ID, w, min(room, 8))...)
	}
	room := max(h-2, 1)
	shown := d.scroll.Window(out, room)
	keys := []theme.Hint{{"j k", "next, previous"}, {"esc", "back"}}
	if d.scroll.Last > 0 {
		keys = []theme.Hint{{"space", "more"}, {"j k", "next"}, {"esc", "back"}}
	}
	return "", append(shown, "", t.KeyLine(w, keys...))
}

// happened are the latest events that concern a server.
func happened(s *box.Sight, id string, w, room int) []string {
	var out []string
	t, all := s.Theme, s.Snap.Events
	written := s.EventsIn(w)
	for i := len(all) - 1; i >= 0 && len(out) < room; i-- {
		if e := &all[i]; box.Concerns(e, id) {
			out = append(out, t.Dim.On(format.Clock(e.At))+" "+written(e, w-8))
		}
	}
	if len(out) == 0 {
		return []string{t.Dim.On("nothing has happened to it yet")}
	}
	return out
}
