package dialog

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// WhatIf shows what virtual time says each policy would make of the situation, beside what is. It
// follows the engine, also while the view is frozen: it was asked for.
type WhatIf struct {
	scroll box.Scroll
	byP99  bool // sorted by it, else by the mean
}

// AskWhatIf opens the dialog and asks the engine.
func AskWhatIf(*box.Sight) box.Act { return box.Act{Open: &WhatIf{}, Command: live.AskWhatIf{}} }

// Title says how far it looks.
func (d *WhatIf) Title(s *box.Sight) string {
	if w := s.Latest.WhatIf; w != nil && w.Horizon > 0 {
		return "What if: the next " + words.Horizon(w.Horizon)
	}
	return "What if"
}

// Press scrolls, sorts by the other number, or asks again.
func (d *WhatIf) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "q", "enter":
		return box.Act{Close: true}
	case "w":
		if w := s.Latest.WhatIf; w == nil || w.State != "running" {
			return box.Act{Command: live.AskWhatIf{}}
		}
	case "o":
		d.byP99, d.scroll.First = !d.byP99, 0
	default:
		d.scroll.Move(k.String())
	}
	return box.Act{}
}

// Draw is the table, what it is about, and how far it is or what keys there are.
func (d *WhatIf) Draw(s *box.Sight, w, h int) (string, []string) {
	var all []string
	t, x := s.Theme, s.Latest.WhatIf
	switch {
	case x == nil:
		all = []string{t.Dim.On("asking" + t.Glyphs.Ellipsis)}
	case x.State == "failed" && len(x.Rows) == 0:
		all = theme.Wrapped(x.Problem, w, t.Bad)
	default:
		f := words.NewForecast(x, d.byP99)
		all = whatIfTable(s, &f, w)
		if f.Problem != "" {
			all = append(all, theme.Wrapped(f.Problem, w, t.Bad)...)
		}
		all = append(all, "")
		for _, text := range f.Situation(s.Latest.At, s.Latest.Load.Lagging) {
			all = append(all, theme.Wrapped(text, min(w, 96), t.Dim)...)
		}
	}
	room := max(h-1, 1)
	if h >= 24 {
		room--
	}
	shown := d.scroll.Window(all, room)
	if h >= 24 {
		shown = append(shown, "")
	}
	return "", append(shown, d.note(s, w))
}

// whatIfLine is a row of the table: predicted or real.
type whatIfLine struct {
	routes        bool // it is about the policy that routes
	style         theme.Ink
	name          string
	meanMS, p99MS float64
	errors        float64
	versus        string
	tail          string // after the numbers, instead of a bar
	value         float64
}

// whatIfTable has a row for each policy that is done, and what is real below.
func whatIfTable(s *box.Sight, f *words.Forecast, w int) []string {
	var lines []whatIfLine
	t, now := s.Theme, s.Latest
	for i := range f.Rows {
		r := &f.Rows[i]
		l := whatIfLine{
			routes: r.Policy == now.Policy, name: words.PolicyOf(r), meanMS: r.MeanMS, p99MS: r.P99MS,
			errors: r.ErrorRate, versus: f.Against(i), value: f.Value(r),
		}
		switch {
		case r.Reference:
			l.style = t.Dim
		case l.routes:
			l.style = t.Title
		case i == 0:
			l.style = t.Bold
		}
		lines = append(lines, l)
	}
	for range f.Total - len(f.Rows) {
		lines = append(lines, whatIfLine{name: t.Glyphs.None, style: t.Dim}) // so that nothing below moves while rows come in
	}
	for i := range f.Rows {
		if r := &f.Rows[i]; r.Policy == now.Policy && f.Lasting < f.Horizon {
			lines = append(lines, whatIfLine{
				routes: true, style: t.Title, name: "predicted, faults on", meanMS: r.Now.MeanMS, p99MS: r.Now.P99MS, errors: r.Now.ErrorRate, tail: " ",
			})
		}
	}
	for _, r := range f.Realities(now) {
		lines = append(lines, whatIfLine{
			routes: true, style: t.Title, name: r.When, meanMS: r.MeanMS, p99MS: r.P99MS,
			errors: 1 - format.Finite(r.SuccessRate), tail: f.Off(&r, now.Policy) + " ",
		})
	}
	table := whatIfColumns(t, f, lines, w-1)
	out := []string{" " + t.Heading(table)}
	for i := range lines {
		lead := " "
		if lines[i].routes {
			lead = t.Title.On(t.Glyphs.Run)
		}
		out = append(out, lead+t.Row(table, i))
	}
	return out
}

func whatIfColumns(t *theme.Theme, f *words.Forecast, lines []whatIfLine, w int) theme.Table {
	name, mean, p99 := 20, theme.Column{Title: "MEAN", Width: 7, Rank: 1, Numeric: true}, theme.Column{Title: "P99", Width: 7, Rank: 2, Numeric: true}
	if w < 58 {
		name = 14
	}
	if f.ByP99 {
		mean.Rank, p99.Rank, p99.Title = 2, 1, "P99*"
	} else {
		mean.Title = "MEAN*"
	}
	mean.Cell = func(i int) (theme.Ink, string) { return lines[i].style, format.Millis(lines[i].meanMS) }
	p99.Cell = func(i int) (theme.Ink, string) { return lines[i].style, format.Millis(lines[i].p99MS) }
	table := theme.Choose([]theme.Column{
		{Title: "POLICY", Width: name, Rank: 0, Cell: func(i int) (theme.Ink, string) { return lines[i].style, lines[i].name }},
		mean, p99,
		{Title: "ERRORS", Width: 6, Rank: 4, Numeric: true, Cell: func(i int) (theme.Ink, string) {
			switch l := &lines[i]; {
			case l.meanMS == 0 && l.errors == 0:
				return l.style, ""
			case l.errors > 0.005:
				return t.Bad, format.Percent1(l.errors)
			default:
				return l.style, format.Percent1(l.errors)
			}
		}},
		{Title: "VS BEST", Width: 7, Rank: 3, Numeric: true, Cell: func(i int) (theme.Ink, string) { return lines[i].style, lines[i].versus }},
	}, w)
	if length := min(w-table.Used()-1, 32); length >= 8 {
		table.Columns = append(table.Columns, theme.Column{Width: length, Rank: 5, Cell: func(i int) (theme.Ink, string) {
			if l := &lines[i]; l.tail == "" {
				return l.style, bar(t, l.value, f.Best(), length)
			}
			return lines[i].style, lines[i].tail
		}})
	}
	return table
}

// bar is as long as v is large; best takes two fifths of w, and what doesn't fit ends in an arrow.
func bar(t *theme.Theme, v, best float64, w int) string {
	if !(best > 0) || v <= 0 {
		return ""
	}
	n := v / best * float64(w) * 2 / 5
	if n > float64(w) {
		return format.Repeat(t.Glyphs.Full, w-1) + ">"
	}
	return format.Repeat(t.Glyphs.Full, max(1, int(n+0.5)))
}

// note is how far it is, or what keys there are.
func (d *WhatIf) note(s *box.Sight, w int) string {
	t := s.Theme
	if x := s.Latest.WhatIf; x != nil && x.State == "running" {
		done := len(x.Rows)
		width := min(max(w-30, 4), 26)
		full := width * done / max(x.Total, 1)
		return t.Title.On(format.Repeat(t.Glyphs.Full, full)) + t.Dim.On(format.Repeat(t.Glyphs.Empty, width-full)) + fmt.Sprintf(" %d of %d policies", done, x.Total)
	}
	other := "p99"
	if d.byP99 {
		other = "mean"
	}
	keys := t.Key.On("w") + " again  " + t.Key.On("o") + " " + other
	if d.scroll.Last > 0 {
		keys += "  " + t.Key.On("j k") + " more"
	}
	return keys + "  " + t.Key.On("esc") + " back"
}
