package flow

import (
	"strings"
	"time"

	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Draw returns h lines of at most w cells, with the dots where they are at a time that only grows; at 0
// nothing moves.
func (p *Picture) Draw(t *theme.Theme, d *Dots, at time.Duration, w, h int) []string {
	lines := make([]string, max(h, 0))
	if len(p.Branches) == 0 || h < 1 {
		return lines
	}
	g := p.measure(t, w, h)
	d.move(at, p, &g)
	on := d.places(p, &g)
	blank := format.Spaces(g.left)
	for y := range lines {
		line := blank
		if y == g.trunk {
			line = p.trunk(t, &g, on)
		}
		lines[y] = line + g.joint(t, y, on.rail[y])
	}
	top := p.top()
	for i, y := range g.rows {
		if y >= h {
			break
		}
		b := &p.Branches[i]
		lines[y] += b.pipe(t, &g, thickness(b.Rate, top), on.branches[i]) + b.end(t, &g, i, top)
		if g.gap > 1 && b.More != "" && y+1 < h {
			lines[y+1] += format.Spaces(g.branch+2) + " " + b.More
		}
	}
	return lines
}

// trunk is what comes before the branches.
func (p *Picture) trunk(t *theme.Theme, g *geometry, on *places) string {
	thick := theme.Thicknesses - 1
	if p.Rate <= 0 {
		thick = 0
	}
	line := t.Glyphs.Pipe.Lines[thick]
	before := " " + t.Bold.On(g.clients)
	if g.before > 0 {
		before += run(t, line, t.Plain, g.before, on.trunk[:g.before]) + " "
	}
	after := " " + run(t, line, t.Plain, g.after, on.trunk[g.before:]) + t.Glyphs.Pipe.Head + " "
	return before + t.Bold.On(g.rate) + after + t.Title.On(g.policy) + " " + line
}

// joint is where row y joins the branches.
func (g *geometry) joint(t *theme.Theme, y int, request bool) string {
	top, bottom := g.rows[0], g.rows[len(g.rows)-1]
	sides := 0
	if y > top && y <= bottom {
		sides |= theme.Up
	}
	if y >= top && y < bottom {
		sides |= theme.Down
	}
	if y == g.trunk {
		sides |= theme.Left
	}
	if y >= top && y <= bottom && (y-top)%g.gap == 0 {
		sides |= theme.Right
	}
	if request && sides != 0 {
		return t.Bold.On(t.Glyphs.Pipe.Request)
	}
	return t.Border.On(t.Glyphs.Pipe.Joints[sides])
}

// pipe is the line of a branch, which thins out where something is wrong at its end, and ends where it is
// broken.
func (b *Branch) pipe(t *theme.Theme, g *geometry, thick int, on []bool) string {
	lines := &t.Glyphs.Pipe.Lines
	switch b.State {
	case Thinning:
		first, second := (g.branch+2)/3, (g.branch+1)/3
		return run(t, lines[max(thick, 1)], b.Ink, first, on[:first]) +
			run(t, lines[max(thick-1, 0)], b.Ink, second, on[first:first+second]) +
			run(t, lines[max(thick-2, 0)], b.Ink, g.branch-first-second, on[first+second:]) + t.Warn.On(t.Glyphs.Pipe.Head)
	case Broken:
		half := g.branch / 2
		return t.Border.On(format.Repeat(lines[1], half)) + t.Bad.On(t.Glyphs.Pipe.Broken) + format.Spaces(g.branch-half)
	}
	return run(t, lines[thick], b.Ink, g.branch, on) + b.Ink.On(t.Glyphs.Pipe.Head)
}

// end is what stands at the end of a branch, the i-th.
func (b *Branch) end(t *theme.Theme, g *geometry, i int, top float64) string {
	cursor, name := " ", b.Ink
	if b.Selected {
		cursor, name = t.Title.On(t.Glyphs.Cursor), theme.Ink(string(t.Bold)+string(b.Ink))
	}
	line := " " + cursor + name.On(format.Left(g.names[i], g.name-1, t.Glyphs.Ellipsis))
	if g.bar > 0 {
		line += " " + b.Ink.On(t.Bar(b.Rate/top, g.bar))
	}
	if g.each > 0 {
		line += " " + format.Right(perSecond(b.Rate), g.each)
	}
	if g.slots > 0 {
		busy, vacant := t.Slots(b.Busy, b.Workers, g.slots)
		line += " " + b.Ink.On(busy) + t.Border.On(vacant) + format.Spaces(g.slots-len([]rune(busy+vacant)))
	}
	if g.queued > 0 {
		text := ""
		if b.Waiting > 0 {
			text = waiting(b)
		}
		line += " " + t.Warn.On(format.Left(text, g.queued, ""))
	}
	if g.word > 0 {
		line += " " + b.WordInk.On(format.Left(b.Word, g.word, t.Glyphs.Ellipsis))
	}
	if note := b.noted(t, g.note); note != "" {
		line += " " + t.Dim.On(note)
	}
	return line
}

// run is n cells of a line, with requests on it.
func run(t *theme.Theme, line string, ink theme.Ink, n int, on []bool) string {
	var b strings.Builder
	for from := 0; from < n; {
		to := from
		for to < n && on[to] == on[from] {
			to++
		}
		if on[from] {
			b.WriteString((t.Bold + ink).On(format.Repeat(t.Glyphs.Pipe.Request, to-from)))
		} else {
			b.WriteString(ink.On(format.Repeat(line, to-from)))
		}
		from = to
	}
	return b.String()
}
