package tui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// whatIf shows what virtual time says each policy would make of the situation, beside what is. It
// follows the engine, also while the view is frozen: it was asked for.
type whatIf struct {
	scroll
	m     *Model
	byP99 bool
}

// askWhatIf opens the dialog and asks the engine.
func (m *Model) askWhatIf() tea.Cmd {
	m.open(&whatIf{m: m})
	return m.order(live.AskWhatIf{})
}

func (d *whatIf) title() string {
	if w := d.m.latest.WhatIf; w != nil && w.Horizon > 0 {
		return "What if: the next " + horizon(w.Horizon)
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
		d.byP99, d.first = !d.byP99, 0
	default:
		d.scroll.press(k.String())
	}
	return answer{}
}

func (d *whatIf) paste(string) {}

func (d *whatIf) lines(t *theme, w, h int) []string {
	var all []string
	s := d.m.latest
	switch {
	case s.WhatIf == nil:
		all = []string{t.dim.on("asking" + t.glyphs.ellipsis)}
	case s.WhatIf.State == "failed" && len(s.WhatIf.Rows) == 0:
		all = wrapped(s.WhatIf.Problem, w, t.bad)
	default:
		f := newForecast(s.WhatIf, d.byP99)
		all = d.table(t, &f, w)
		if f.Problem != "" {
			all = append(all, wrapped(f.Problem, w, t.bad)...)
		}
		all = append(all, "")
		for _, text := range f.situation(s.At, s.Load.Lagging) {
			all = append(all, wrapped(text, min(w, 96), t.dim)...)
		}
	}
	room := max(h-1, 1)
	if h >= 24 {
		room--
	}
	shown := d.window(all, room)
	if h >= 24 {
		shown = append(shown, "")
	}
	return append(shown, d.note(t, w))
}

// whatIfLine is a row of the table: predicted or real.
type whatIfLine struct {
	routes        bool // it is about the policy that routes
	style         ink
	name          string
	meanMS, p99MS float64
	errors        float64
	versus        string
	tail          string // after the numbers, instead of a bar
	value         float64
}

// table has a row for each policy that is done, and what is real below.
func (d *whatIf) table(t *theme, f *forecast, w int) []string {
	s := d.m.latest
	var lines []whatIfLine
	for i := range f.rows {
		r := &f.rows[i]
		l := whatIfLine{
			routes: r.Policy == s.Policy, name: nameOf(r), meanMS: r.MeanMS, p99MS: r.P99MS,
			errors: r.ErrorRate, versus: f.against(i), value: f.value(r),
		}
		switch {
		case r.Reference:
			l.style = t.dim
		case l.routes:
			l.style = t.title
		case i == 0:
			l.style = t.bold
		}
		lines = append(lines, l)
	}
	for range f.Total - len(f.rows) {
		lines = append(lines, whatIfLine{name: t.glyphs.none, style: t.dim}) // so that nothing below moves while rows come in
	}
	for i := range f.rows {
		if r := &f.rows[i]; r.Policy == s.Policy && f.Lasting < f.Horizon {
			lines = append(lines, whatIfLine{
				routes: true, style: t.title, name: "predicted, faults on", meanMS: r.Now.MeanMS, p99MS: r.Now.P99MS, errors: r.Now.ErrorRate, tail: " ",
			})
		}
	}
	for _, r := range f.realities(s) {
		lines = append(lines, whatIfLine{
			routes: true, style: t.title, name: r.when, meanMS: r.MeanMS, p99MS: r.P99MS,
			errors: 1 - format.Finite(r.SuccessRate), tail: f.off(&r, s.Policy) + " ",
		})
	}
	columns := d.columns(t, f, lines, w-1)
	out := []string{" " + t.heading(columns)}
	for i := range lines {
		lead := " "
		if lines[i].routes {
			lead = t.title.on(t.glyphs.run)
		}
		out = append(out, lead+t.row(columns, i))
	}
	return out
}

func (d *whatIf) columns(t *theme, f *forecast, lines []whatIfLine, w int) []column {
	name, mean, p99 := 20, column{"MEAN", 7, 1, true, nil}, column{"P99", 7, 2, true, nil}
	if w < 58 {
		name = 14
	}
	if f.byP99 {
		mean.rank, p99.rank, p99.title = 2, 1, "P99*"
	} else {
		mean.title = "MEAN*"
	}
	mean.cell = func(i int) (ink, string) { return lines[i].style, format.Millis(lines[i].meanMS) }
	p99.cell = func(i int) (ink, string) { return lines[i].style, format.Millis(lines[i].p99MS) }
	columns := choose([]column{
		{"POLICY", name, 0, false, func(i int) (ink, string) { return lines[i].style, lines[i].name }},
		mean, p99,
		{"ERRORS", 6, 4, true, func(i int) (ink, string) {
			switch l := &lines[i]; {
			case l.meanMS == 0 && l.errors == 0:
				return l.style, ""
			case l.errors > 0.005:
				return t.bad, format.Percent1(l.errors)
			default:
				return l.style, format.Percent1(l.errors)
			}
		}},
		{"VS BEST", 7, 3, true, func(i int) (ink, string) { return lines[i].style, lines[i].versus }},
	}, w)
	if bar := min(w-used(columns)-1, 32); bar >= 8 {
		columns = append(columns, column{"", bar, 5, false, func(i int) (ink, string) {
			if l := &lines[i]; l.tail == "" {
				return l.style, t.bar(l.value, f.best(), bar)
			}
			return lines[i].style, lines[i].tail
		}})
	}
	return columns
}

// bar is as long as v is large; best takes two fifths of w, and what doesn't fit ends in an arrow.
func (t *theme) bar(v, best float64, w int) string {
	if !(best > 0) || v <= 0 {
		return ""
	}
	n := v / best * float64(w) * 2 / 5
	if n > float64(w) {
		return format.Repeat(t.glyphs.full, w-1) + ">"
	}
	return format.Repeat(t.glyphs.full, max(1, int(n+0.5)))
}

// note is how far it is, or what keys there are.
func (d *whatIf) note(t *theme, w int) string {
	if x := d.m.latest.WhatIf; x != nil && x.State == "running" {
		done := len(x.Rows)
		width := min(max(w-30, 4), 26)
		full := width * done / max(x.Total, 1)
		return t.title.on(format.Repeat(t.glyphs.full, full)) + t.dim.on(format.Repeat(t.glyphs.empty, width-full)) + fmt.Sprintf(" %d of %d policies", done, x.Total)
	}
	other := "p99"
	if d.byP99 {
		other = "mean"
	}
	keys := t.key.on("w") + " again  " + t.key.on("o") + " " + other
	if d.last > 0 {
		keys += "  " + t.key.on("j k") + " more"
	}
	return keys + "  " + t.key.on("esc") + " back"
}

// wrapped is a text in lines of at most w cells.
func wrapped(text string, w int, style ink) []string {
	lines := strings.Split(ansi.Wrap(format.Printable(text), max(w, 1), " "), "\n")
	for i := range lines {
		lines[i] = style.on(lines[i])
	}
	return lines
}
