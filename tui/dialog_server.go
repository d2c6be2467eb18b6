package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// serverSheet is all that is known of the selected server. It follows the snapshot.
type serverSheet struct {
	box.Scroll
	m *Model
}

// askServer opens the details of the selected server.
func (m *Model) askServer(s *box.Sight) box.Act {
	if s.Selected() == nil {
		return box.Complain("no server is selected")
	}
	return box.Act{Open: old{&serverSheet{m: m}}}
}

func (s *serverSheet) title() string { return s.m.selected }

func (s *serverSheet) press(k tea.KeyPressMsg) answer {
	switch k.String() {
	case "q", "enter":
		return answer{close: true}
	case "j", "down":
		s.m.moveServer(1)
	case "k", "up":
		s.m.moveServer(-1)
	case "ctrl+d", "pgdown", "space":
		s.By(box.Half / 2)
	case "ctrl+u", "pgup":
		s.By(-box.Half / 2)
	}
	return answer{}
}

func (s *serverSheet) paste(string) {}

func (s *serverSheet) lines(t *theme.Theme, w, h int) []string {
	v := s.m.server()
	if v == nil {
		return []string{"this server is gone"}
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
	if i := s.m.serverIndex(); h >= 16 {
		sight := s.m.sight()
		values := sight.Series(i, box.P95)
		out = append(out, t.Dim.On(format.Left("p95, "+format.Short(windows[s.m.window]), 12, ""))+t.P95.On(chart.Spark(chart.Squeeze(values, w-12), w-12, t.Glyphs.Chart)))
	}
	if room := h - len(out) - 4; room > 0 {
		out = append(out, "")
		out = append(out, s.events(t, v, w, min(room, 8))...)
	}
	room := max(h-2, 1)
	shown := s.Window(out, room)
	keys := []theme.Hint{{"j k", "next, previous"}, {"esc", "back"}}
	if s.Last > 0 {
		keys = []theme.Hint{{"space", "more"}, {"j k", "next"}, {"esc", "back"}}
	}
	return append(shown, "", t.KeyLine(w, keys...))
}

// events are the latest ones that concern the server.
func (s *serverSheet) events(t *theme.Theme, v *live.Server, w, room int) []string {
	var out []string
	all := s.m.snap.Events
	for i := len(all) - 1; i >= 0 && len(out) < room; i-- {
		if e := &all[i]; e.Server == v.ID || e.Server == "" && strings.HasPrefix(e.Text, v.ID+":") {
			out = append(out, t.Dim.On(format.Clock(e.At))+" "+ansi.Truncate(t.Words(e.Text), max(w-8, 0), t.Glyphs.Ellipsis))
		}
	}
	if len(out) == 0 {
		return []string{t.Dim.On("nothing has happened to it yet")}
	}
	return out
}
