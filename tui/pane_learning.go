package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/chart"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// knobs are the parameters in the order of the sliders, with the keys that move them.
var knobs = []struct{ name, keys, meaning string }{
	{"epsilon", ", .", "tries at random"},
	{"alpha", "< >", "learning speed"},
	{"gamma", "; '", "weight of what follows"},
}

// learning is the pane of what can be turned: sliders, traffic, faults, and what came of it.
func (m *Model) learning(w, h int) (string, []string) {
	t, l := m.theme, m.learner()
	if l == nil {
		return "", append([]string{" " + t.Dim.On("no learner yet")}, m.trafficLine(), m.faultLine(words.FaultLeft))
	}
	aside := t.Dim.On(l.Name + " " + words.Agreement(l))
	if h < 6 {
		return aside, m.strip(l, w, h)
	}
	lines := make([]string, 0, h)
	for _, k := range knobs {
		lines = append(lines, m.slider(l, k.name, k.keys, k.meaning, w))
	}
	lines = append(lines, m.trafficLine(), m.faultLine(words.FaultLeft))
	if h < 8 {
		return aside, append(lines, m.curve("reward", l.Rewards, hundredths(l.Stats.Reward), w, 1)...)
	}
	if h >= 11 {
		lines = append(lines[:3], append([]string{""}, append(lines[3:], "")...)...)
	}
	curves := m.curves(l)
	tall := 1
	if h >= 18 {
		tall = min(max((h-10-len(curves))/len(curves), 1), 6)
	}
	for i, c := range curves {
		if tall > 1 && i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, m.curve(c.name, c.values, c.now, w, tall)...)
	}
	if h >= 15 {
		who := "t: round_robin or "
		if m.opts.ReadOnly {
			who = "RL is "
		}
		lines = append(lines, "",
			" "+t.Dim.On(who)+t.Bold.On(m.snap.RL)+t.Dim.On(m.unlessReadOnly("  (T chooses another)")),
			" "+t.Dim.On("reward: -1 for each 10 ms; |"+t.Glyphs.Delta+"Q| falls as the table settles"))
	} else if len(lines) < h {
		lines = append(lines, " "+t.Dim.On("reward: -1 for each 10 ms, so nearer to 0 is faster"))
	}
	if r := m.snap.Regret; r != nil && h >= 16 {
		who, _, _ := strings.Cut(words.Mode(m.snap), " ")
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
func (m *Model) curves(l *live.Learner) []track {
	out := []track{{"reward", l.Rewards, hundredths(l.Stats.Reward)}, {"|" + m.theme.Glyphs.Delta + "Q|", l.DeltaQs, hundredths(l.Stats.DeltaQ)}}
	if r := m.snap.Regret; r != nil {
		out = append(out, track{"regret", r.Seconds, format.Regret(r.NowMS)})
	}
	return out
}

// strip is the pane on a small screen: sliders in one line, everything else in the next, and in
// further ones what has no room there.
func (m *Model) strip(l *live.Learner, w, h int) []string {
	t := m.theme
	lines := []string{m.sliders(l, max(w/3-14, 2)), m.trafficLine() + "  " + strings.TrimPrefix(m.faultLine(words.FaultFor), " ")}
	if ansi.StringWidth(lines[0]) > w {
		lines[0] = m.sliders(l, 0)
	}
	last := &lines[1]
	next := func(room int) {
		if w-ansi.StringWidth(*last) < room && len(lines) < h {
			lines = append(lines, "")
			last = &lines[len(lines)-1]
		}
	}
	if r := m.snap.Regret; r != nil {
		word := t.Dim.On("regret ") + format.Regret(r.NowMS)
		next(ansi.StringWidth(word) + 2)
		if ansi.StringWidth(*last+word)+2 <= w {
			*last += lead(*last) + word
		}
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
func (m *Model) sliders(l *live.Learner, w int) string {
	t := m.theme
	var parts []string
	for i, symbol := range []string{t.Glyphs.Epsilon, t.Glyphs.Alpha, t.Glyphs.Gamma} {
		if value, ok := m.param(l, knobs[i].name); ok {
			parts = append(parts, strings.TrimRight(t.Bold.On(symbol)+" "+value+" "+m.bar(l, knobs[i].name, w), " "))
		}
	}
	return " " + strings.Join(parts, "  ")
}

// slider is one line: name, value, bar, keys and meaning.
func (m *Model) slider(l *live.Learner, name, keys, meaning string, w int) string {
	t := m.theme
	value, ok := m.param(l, name)
	if !ok {
		return " " + format.Left(name, 8, "") + t.Dim.On("not used by "+l.Name)
	}
	tail := m.unlessReadOnly("  " + t.Key.On(keys))
	if w >= 70 {
		tail += " " + t.Dim.On(meaning)
	}
	return " " + t.Bold.On(format.Left(name, 8, "")) + format.Left(value, 13, "") + m.bar(l, name, min(max(w-40, 8), 24)) + tail
}

// bar shows where a parameter stands between its smallest and its largest value.
func (m *Model) bar(l *live.Learner, name string, w int) string {
	t := m.theme
	for _, p := range l.Params {
		if p.Name != name || p.Max <= p.Min {
			continue
		}
		n := int((format.Finite(p.Value)-p.Min)/(p.Max-p.Min)*float64(w) + 0.5)
		n = min(max(n, 0), w)
		return t.Good.On(format.Repeat(t.Glyphs.Full, n)) + t.Border.On(format.Repeat(t.Glyphs.Empty, w-n))
	}
	return format.Spaces(w)
}

func (m *Model) trafficLine() string {
	t, load := m.theme, &m.snap.Load
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
		state = t.Bad.On(" the generator lags")
	}
	if load.Dropped > 0 {
		state += t.Warn.On(fmt.Sprintf(" %s dropped", format.Count(load.Dropped)))
	}
	return " " + t.Dim.On("rate ") + m.rate() + t.Dim.On("/s "+string(load.Arrivals)) + state
}

// faultLine lists what is being injected, server by server.
func (m *Model) faultLine(words func(*live.Server) string) string {
	t := m.theme
	var active []string
	for i := range m.snap.Servers {
		s := &m.snap.Servers[i]
		if what := words(s); what != "" {
			active = append(active, format.Printable(s.ID)+" "+what)
		}
	}
	if len(active) == 0 {
		return " " + t.Dim.On("faults none")
	}
	if len(active) > 3 {
		active = []string{fmt.Sprintf("on %d servers", len(active))}
	}
	return " " + t.Dim.On("faults ") + t.Warn.On(strings.Join(active, "; "))
}

func hundredths(v float64) string { return fmt.Sprintf("%.2f", format.Finite(v)) }

// curve is a chart of bars, tall rows high, with its name and the value of now.
func (m *Model) curve(name string, values []float64, now string, w, tall int) []string {
	t := m.theme
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
