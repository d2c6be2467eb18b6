package dialog

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Time is what a prediction is about.
type Time int

// The times.
const (
	Future Time = iota // what each policy would make of the situation
	Past               // what each would have made of the last minutes
)

// of is the prediction of that time, nil before the first.
func (t Time) of(s *live.Snapshot) *live.WhatIf {
	if t == Past {
		return s.LookBack
	}
	return s.WhatIf
}

func (t Time) command() live.Command {
	if t == Past {
		return live.AskLookBack{}
	}
	return live.AskWhatIf{}
}

// How the dialog is laid out.
const (
	answerFirst = 18 // lines from which on there is room for the answer above the table
	mostWide    = 96 // cells of a sentence
)

// WhatIf shows what virtual time says each policy would make of the situation, or would have made of the last
// minutes, beside what is, or was. It follows the engine, also while the view is frozen: it was asked for.
type WhatIf struct {
	Time     Time
	scroll   box.Scroll
	at       string // the policy that has the cursor; "" is the first
	moved    bool   // the cursor, since it was drawn
	followed int    // the first line shown when it was
	byP99    bool   // sorted by it, else by the mean
}

// AskWhatIf opens the dialog and asks the engine.
func AskWhatIf(*box.Sight) box.Act { return ask(Future) }

// AskLookBack opens it on what lies behind.
func AskLookBack(*box.Sight) box.Act { return ask(Past) }

func ask(t Time) box.Act { return box.Act{Open: &WhatIf{Time: t}, Command: t.command()} }

// Title says how far it looks.
func (d *WhatIf) Title(s *box.Sight) string {
	w := d.Time.of(s.Latest)
	known := w != nil && w.Horizon > 0
	switch {
	case d.Time == Past && known:
		return "Looking back: the last " + format.Seconds(w.Horizon)
	case d.Time == Past:
		return "Looking back"
	case known:
		return "What if: the next " + words.Horizon(w.Horizon)
	}
	return "What if"
}

// Press moves the cursor, lets the policy at it route, sorts by the other number, or asks again, of either time.
func (d *WhatIf) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "q":
		return box.Act{Close: true}
	case "enter":
		return d.choose(s)
	case "w":
		return d.again(s, Future)
	case "W":
		return d.again(s, Past)
	case "o":
		d.byP99, d.scroll.First, d.moved = !d.byP99, 0, true
	default:
		d.move(s, k.String())
	}
	return box.Act{}
}

// again asks anew, unless that is being answered.
func (d *WhatIf) again(s *box.Sight, t Time) box.Act {
	act := ask(t)
	if w := t.of(s.Latest); w != nil && w.State == live.WhatIfRunning {
		act.Command = nil
	}
	if t == d.Time {
		act.Open = nil
	}
	act.Close = act.Open != nil
	return act
}

// choose lets the policy at the cursor route.
func (d *WhatIf) choose(s *box.Sight) box.Act {
	x, names := d.Time.of(s.Latest), d.choices(s)
	switch {
	case x == nil || x.State == live.WhatIfRunning:
		return box.Complain("not yet: the prediction is under way")
	case len(names) == 0:
		return box.Complain("nothing was predicted: there is no policy to choose")
	}
	name := names[d.cursor(names)]
	if err := s.Refusal("letting " + name + " route"); err != nil {
		return box.Complain(err.Error())
	}
	if name == s.Latest.Policy {
		return box.Act{Say: name + " routes already"}
	}
	return box.Act{Close: true, Command: live.SetPolicy{Name: name}}
}

// choices are the policies that can be chosen, in the order shown.
func (d *WhatIf) choices(s *box.Sight) []string {
	x := d.Time.of(s.Latest)
	if x == nil {
		return nil
	}
	var names []string
	f := words.NewForecast(x, d.byP99)
	for i := range f.Rows {
		if r := &f.Rows[i]; !r.Reference {
			names = append(names, r.Policy)
		}
	}
	return names
}

// cursor is the index of the one that has it.
func (d *WhatIf) cursor(names []string) int { return max(0, slices.Index(names, d.at)) }

// move moves the cursor, and at the ends of the table what is shown.
func (d *WhatIf) move(s *box.Sight, key string) {
	names := d.choices(s)
	at := d.cursor(names)
	to := at
	switch key {
	case "j", "down":
		to++
	case "k", "up":
		to--
	case "ctrl+d", "pgdown", "space":
		to = max(at, min(at+box.Half, len(names)-1))
	case "ctrl+u", "pgup":
		to = min(at, max(at-box.Half, 0))
	case "g", "home":
		to = 0
	}
	if to == at || to < 0 || to >= len(names) || d.scroll.First > d.followed && to < at {
		d.scroll.Move(key)
		return
	}
	d.at, d.moved = names[to], true
}

// Draw is the table, what it is about, and how far it is or what keys there are.
func (d *WhatIf) Draw(s *box.Sight, w, h int) (string, []string) {
	var all []string
	t, x := s.Theme, d.Time.of(s.Latest)
	cursor := -1
	switch {
	case x == nil:
		all = []string{t.Dim.On("asking" + t.Glyphs.Ellipsis)}
	case x.State == live.WhatIfFailed && len(x.Rows) == 0:
		all = theme.Wrapped(x.Problem, w, t.Bad)
	default:
		f := words.NewForecast(x, d.byP99)
		say := func(text string, wide int, ink theme.Ink) {
			if text != "" {
				all = append(all, theme.Wrapped(text, wide, ink)...)
			}
		}
		say(f.Problem, w, t.Bad)
		answer := f.Answer()
		if answer != "" {
			answer += " Rows within noise are dim."
		}
		if h >= answerFirst {
			say(answer, min(w, mostWide), t.Plain)
			answer = ""
		}
		if f.Total > 0 || x.State == live.WhatIfRunning {
			at := -1
			if names := d.choices(s); len(names) > 0 {
				at = d.cursor(names)
			}
			cursor = len(all) + 1 + at // behind the heading
			all = append(append(all, whatIfTable(s, &f, w, at)...), "")
		}
		say(answer, min(w, mostWide), t.Plain)
		for _, text := range f.Situation(s.Latest) {
			say(text, min(w, mostWide), t.Dim)
		}
	}
	room := max(h-1, 1)
	if h >= 24 {
		room--
	}
	if d.scroll.From(len(all), room); d.moved {
		d.scroll.First, d.moved = max(0, min(box.Visible(d.scroll.First, cursor, len(all), room), d.scroll.Last)), false
		if d.cursor(d.choices(s)) == 0 {
			d.scroll.First = 0 // with what is above
		}
		d.followed = d.scroll.First
	}
	shown := d.scroll.Window(all, room)
	if h >= 24 {
		shown = append(shown, "")
	}
	return "", append(shown, d.note(s, w))
}

// note is how far it is, or what keys there are.
func (d *WhatIf) note(s *box.Sight, w int) string {
	t, x := s.Theme, d.Time.of(s.Latest)
	if x != nil && x.State == live.WhatIfRunning {
		return progress(t, x, w)
	}
	other := "by p99"
	if d.byP99 {
		other = "by mean"
	}
	keys := []theme.Hint{{"j k", "move"}}
	if !s.ReadOnly {
		keys = append(keys, theme.Hint{"enter", "let it route"})
	}
	keys = append(keys, theme.Hint{"o", other})
	if d.Time == Past {
		keys = append(keys, theme.Hint{"W", "again"}, theme.Hint{"w", "ahead"})
	} else {
		keys = append(keys, theme.Hint{"w", "again"}, theme.Hint{"W", "look back"})
	}
	return t.KeyLine(w, append(keys, theme.Hint{"esc", "back"})...)
}

// progress is a bar of the policies that are done.
func progress(t *theme.Theme, x *live.WhatIf, w int) string {
	text := fmt.Sprintf(" %d of %d policies", len(x.Rows), x.Total)
	if x.Total == 0 {
		text = " finding out what the servers are like"
	}
	width := min(max(w-len(text), 4), 26)
	full := width * len(x.Rows) / max(x.Total, 1)
	return t.Title.On(format.Repeat(t.Glyphs.Full, full)) + t.Dim.On(format.Repeat(t.Glyphs.Empty, width-full)) + text
}
