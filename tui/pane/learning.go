package pane

import (
	"fmt"
	"math"
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

// knobs are the parameters in the order of the sliders, with the keys that move them.
var knobs = []struct{ name, keys, meaning string }{
	{"epsilon", ", .", "tries at random"},
	{"alpha", "< >", "learning speed"},
	{"gamma", "; '", "weight of what follows"},
}

// Learning is the pane of what can be turned: sliders, traffic, faults, and what came of it.
type Learning struct{}

// Title is that of the pane, which in front of somebody else's balancer is about its weights.
func (Learning) Title(s *box.Sight) string {
	if s != nil && s.Snap.Steering != nil {
		return "Steering"
	}
	return "Learning"
}

// Press makes nothing of a key: the sliders have keys that work everywhere.
func (Learning) Press(*box.Sight, tea.KeyPressMsg) box.Act { return box.Act{} }

// Draw is as much as there is room for, from a strip of two lines to curves over time.
func (Learning) Draw(s *box.Sight, w, h int) (string, []string) {
	if s.Snap.Steering != nil {
		return steering(s, w, h)
	}
	t, l := s.Theme, words.Learner(s.Snap)
	if l == nil {
		return "", append([]string{" " + t.Dim.On("no learner yet")}, trafficLine(s), faultLine(s, words.FaultLeft, w))
	}
	aside := t.Dim.On(l.Name + " " + words.Agreement(l))
	if h < 6 {
		return aside, strip(s, l, w, h)
	}
	lines := make([]string, 0, h)
	for _, k := range knobs {
		lines = append(lines, slider(s, l, k.name, k.keys, k.meaning, w))
	}
	traffic := trafficLine(s)
	if word := "  " + cost(s); ansi.StringWidth(traffic+word) <= w {
		traffic += word
	}
	lines = append(lines, traffic, faultLine(s, words.FaultLeft, w))
	if h < 8 {
		return aside, append(lines, curve(s.Theme, "reward", l.Rewards, hundredths(l.Stats.Reward), w, 1)...)
	}
	if h >= 11 {
		lines = append(lines[:3], append([]string{""}, append(lines[3:], "")...)...)
	}
	curves := curves(s, l)
	tall := 1
	if h >= 18 {
		tall = min(max((h-10-len(curves))/len(curves), 1), 6)
	}
	for i, c := range curves {
		if tall > 1 && i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, curve(s.Theme, c.name, c.values, c.now, w, tall)...)
	}
	if h >= 15 {
		who := "t: round_robin or "
		if s.ReadOnly {
			who = "RL is "
		}
		lines = append(lines, "",
			" "+t.Dim.On(who)+t.Bold.On(s.Snap.RL)+t.Dim.On(s.UnlessReadOnly("  (T chooses another)")),
			" "+t.Dim.On("reward: -1 for each 10 ms; |"+t.Glyphs.Delta+"Q| falls as the table settles"))
	} else if len(lines) < h {
		lines = append(lines, " "+t.Dim.On("reward: -1 for each 10 ms, so nearer to 0 is faster"))
	}
	if r := s.Snap.Regret; r != nil && h >= 16 {
		who, _, _ := strings.Cut(words.Mode(s.Snap), " ")
		lines = append(lines, " "+t.Dim.On("regret: ms over each request's best server; "+who+" so far ")+format.Regret(r.PhaseMS))
	}
	return aside, lines
}

// track is a value over time.
type track struct {
	name   string
	values []float64
	now    string
}

// curves are what shows how well decisions are made; regret only where the engine knows it.
func curves(s *box.Sight, l *live.Learner) []track {
	out := []track{{"reward", l.Rewards, hundredths(l.Stats.Reward)}, {"|" + s.Theme.Glyphs.Delta + "Q|", l.DeltaQs, hundredths(l.Stats.DeltaQ)}}
	if r := s.Snap.Regret; r != nil {
		out = append(out, track{"regret", r.Seconds, format.Regret(r.NowMS)})
	}
	return out
}

// strip is the pane on a small screen: sliders in one line, everything else in the next, and in
// further ones what has no room there.
func strip(s *box.Sight, l *live.Learner, w, h int) []string {
	t := s.Theme
	traffic := trafficLine(s) + " "
	lines := []string{sliders(s, l, max(w/3-14, 2)), traffic + faultLine(s, words.FaultFor, w-ansi.StringWidth(traffic))}
	if ansi.StringWidth(lines[0]) > w {
		lines[0] = sliders(s, l, 0)
	}
	last := &lines[1]
	next := func(room int) {
		if w-ansi.StringWidth(*last) < room && len(lines) < h {
			lines = append(lines, "")
			last = &lines[len(lines)-1]
		}
	}
	if r := s.Snap.Regret; r != nil {
		word := t.Dim.On("regret ") + format.Regret(r.NowMS)
		next(ansi.StringWidth(word) + 2)
		if ansi.StringWidth(*last+word)+2 <= w {
			*last += lead(*last) + word
		}
	}
	if word := cost(s); w-ansi.StringWidth(*last) > ansi.StringWidth(word)+20 {
		*last += lead(*last) + word
	}
	next(15)
	if room := w - ansi.StringWidth(*last) - 10; room >= 5 {
		*last += lead(*last) + t.Dim.On("reward ") + t.P50.On(chart.Bars(l.Rewards, min(room, 20), 1, t.Glyphs.Chart)[0])
	}
	return lines
}

// lead is what stands before the next word of a line.
func lead(line string) string {
	if line == "" {
		return " "
	}
	return "  "
}

// sliders are all parameters in one line, each with a bar of w cells.
func sliders(s *box.Sight, l *live.Learner, w int) string {
	t := s.Theme
	var parts []string
	for i, symbol := range []string{t.Glyphs.Epsilon, t.Glyphs.Alpha, t.Glyphs.Gamma} {
		if value, ok := s.Param(l, knobs[i].name); ok {
			parts = append(parts, strings.TrimRight(t.Bold.On(symbol)+" "+value+" "+bar(s.Theme, l, knobs[i].name, w), " "))
		}
	}
	return " " + strings.Join(parts, "  ")
}

// slider is one line: name, value, bar, keys and meaning.
func slider(s *box.Sight, l *live.Learner, name, keys, meaning string, w int) string {
	t := s.Theme
	value, ok := s.Param(l, name)
	if !ok {
		return " " + format.Left(name, 8, "") + t.Dim.On("not used by "+l.Name)
	}
	tail := s.UnlessReadOnly("  " + t.Key.On(keys))
	if w >= 70 {
		tail += " " + t.Dim.On(meaning)
	}
	return " " + t.Bold.On(format.Left(name, 8, "")) + format.Left(value, 13, "") + bar(s.Theme, l, name, min(max(w-40, 8), 24)) + tail
}

// bar shows where a parameter stands between its smallest and its largest value.
func bar(t *theme.Theme, l *live.Learner, name string, w int) string {
	for _, p := range l.Params {
		if p.Name != name || p.Max <= p.Min {
			continue
		}
		n := int((format.Finite(p.Value)-p.Min)/(p.Max-p.Min)*float64(w) + 0.5)
		n = min(max(n, 0), w)
		return t.P50.On(format.Repeat(t.Glyphs.Full, n)) + t.Border.On(format.Repeat(t.Glyphs.Empty, w-n))
	}
	return format.Spaces(w)
}

func trafficLine(s *box.Sight) string {
	t, load := s.Theme, &s.Snap.Load
	if !load.Enabled {
		return " " + t.Dim.On("traffic comes from elsewhere")
	}
	state := ""
	switch {
	case load.Finished:
		state = t.Warn.On(" finished")
	case load.Paused:
		state = t.Warn.On(" paused")
	case load.Lagging:
		state = t.Bad.On(" machine too busy")
	}
	if load.Dropped > 0 {
		state += t.Warn.On(fmt.Sprintf(" %s dropped", format.Count(load.Dropped)))
	}
	return " " + t.Dim.On("rate ") + s.Rate() + t.Dim.On("/s "+string(load.Arrivals)) + state
}

// cost is what the whole program takes of the machine.
func cost(s *box.Sight) string {
	t, c := s.Theme, &s.Snap.Cost
	return t.Dim.On("cost ") + format.Percent(c.CPU) + t.Dim.On(" cpu, ") + format.Rate(math.Round(format.Finite(c.HeapMB))) + t.Dim.On(" MB")
}

// faultLine lists in w cells what is being injected, server by server, or else on how many.
func faultLine(s *box.Sight, words func(*live.Server) string, w int) string {
	t, lead, what := s.Theme, " "+s.Theme.Dim.On("faults "), ""
	room := w - ansi.StringWidth(lead)
	for _, names := range [][]string{s.Names(room), s.Names(9)} {
		var active []string
		for i := range s.Snap.Servers {
			if suffers := words(&s.Snap.Servers[i]); suffers != "" {
				active = append(active, names[i]+" "+suffers)
			}
		}
		switch what = strings.Join(active, "; "); {
		case len(active) == 0:
			return " " + t.Dim.On("faults none")
		case len(active) <= 3 && ansi.StringWidth(what) <= room:
			return lead + t.Warn.On(what)
		case len(active) > 1:
			what = fmt.Sprintf("on %d servers", len(active))
		}
	}
	return lead + t.Warn.On(what)
}

func hundredths(v float64) string { return format.Within(v, 2, 8) }

// curve is a chart of bars, tall rows high, with its name and the value of now.
func curve(t *theme.Theme, name string, values []float64, now string, w, tall int) []string {
	if len(values) == 0 {
		return []string{" " + t.Dim.On(format.Left(name, 8, "")+"nothing yet")}
	}
	lines := chart.Bars(values, w-20, tall, t.Glyphs.Chart)
	for i := range lines {
		lines[i] = format.Spaces(18) + t.P50.On(lines[i])
	}
	lines[0] = " " + t.Dim.On(format.Left(name, 8, "")) + format.Left(now, 9, "") + lines[0][18:]
	return lines
}
