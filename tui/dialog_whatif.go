package tui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// whatIf shows what virtual time says each policy would make of the situation, beside what is. It
// follows the engine, also while the view is frozen: it was asked for.
type whatIf struct {
	box.Scroll
	m     *Model
	byP99 bool
}

// askWhatIf opens the dialog and asks the engine.
func (m *Model) askWhatIf() tea.Cmd {
	m.openOld(&whatIf{m: m})
	return m.order(live.AskWhatIf{})
}

func (d *whatIf) title() string {
	if w := d.m.latest.WhatIf; w != nil && w.Horizon > 0 {
		return "What if: the next " + words.Horizon(w.Horizon)
	}
	return "What if"
}

func (d *whatIf) press(k tea.KeyPressMsg) answer {
	switch k.String() {
	case "q", "enter":
		return answer{close: true}
	case "w":
		if w := d.m.latest.WhatIf; w == nil || w.State != "running" {
			return answer{cmd: live.AskWhatIf{}}
		}
	case "o":
		d.byP99, d.First = !d.byP99, 0
	default:
		d.Move(k.String())
	}
	return answer{}
}

func (d *whatIf) paste(string) {}

func (d *whatIf) lines(t *theme.Theme, w, h int) []string {
	var all []string
	s := d.m.latest
	switch {
	case s.WhatIf == nil:
		all = []string{t.Dim.On("asking" + t.Glyphs.Ellipsis)}
	case s.WhatIf.State == "failed" && len(s.WhatIf.Rows) == 0:
		all = theme.Wrapped(s.WhatIf.Problem, w, t.Bad)
	default:
		f := words.NewForecast(s.WhatIf, d.byP99)
		all = d.table(t, &f, w)
		if f.Problem != "" {
			all = append(all, theme.Wrapped(f.Problem, w, t.Bad)...)
		}
		all = append(all, "")
		for _, text := range f.Situation(s.At, s.Load.Lagging) {
			all = append(all, theme.Wrapped(text, min(w, 96), t.Dim)...)
		}
	}
	room := max(h-1, 1)
	if h >= 24 {
		room--
	}
	shown := d.Window(all, room)
	if h >= 24 {
		shown = append(shown, "")
	}
	return append(shown, d.note(t, w))
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

// table has a row for each policy that is done, and what is real below.
func (d *whatIf) table(t *theme.Theme, f *words.Forecast, w int) []string {
	s := d.m.latest
	var lines []whatIfLine
	for i := range f.Rows {
		r := &f.Rows[i]
		l := whatIfLine{
			routes: r.Policy == s.Policy, name: words.PolicyOf(r), meanMS: r.MeanMS, p99MS: r.P99MS,
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
		if r := &f.Rows[i]; r.Policy == s.Policy && f.Lasting < f.Horizon {
			lines = append(lines, whatIfLine{
				routes: true, style: t.Title, name: "predicted, faults on", meanMS: r.Now.MeanMS, p99MS: r.Now.P99MS, errors: r.Now.ErrorRate, tail: " ",
			})
		}
	}
	for _, r := range f.Realities(s) {
		lines = append(lines, whatIfLine{
			routes: true, style: t.Title, name: r.When, meanMS: r.MeanMS, p99MS: r.P99MS,
			errors: 1 - format.Finite(r.SuccessRate), tail: f.Off(&r, s.Policy) + " ",
		})
	}
	columns := d.columns(t, f, lines, w-1)
	out := []string{" " + t.Heading(columns)}
	for i := range lines {
		lead := " "
		if lines[i].routes {
			lead = t.Title.On(t.Glyphs.Run)
		}
		out = append(out, lead+t.Row(columns, i))
	}
	return out
}

func (d *whatIf) columns(t *theme.Theme, f *words.Forecast, lines []whatIfLine, w int) []theme.Column {
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
	columns := theme.Choose([]theme.Column{
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
	if length := min(w-theme.Used(columns)-1, 32); length >= 8 {
		columns = append(columns, theme.Column{Width: length, Rank: 5, Cell: func(i int) (theme.Ink, string) {
			if l := &lines[i]; l.tail == "" {
				return l.style, bar(t, l.value, f.Best(), length)
			}
			return lines[i].style, lines[i].tail
		}})
	}
	return columns
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
func (d *whatIf) note(t *theme.Theme, w int) string {
	if x := d.m.latest.WhatIf; x != nil && x.State == "running" {
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
	if d.Last > 0 {
		keys += "  " + t.Key.On("j k") + " more"
	}
	return keys + "  " + t.Key.On("esc") + " back"
}
