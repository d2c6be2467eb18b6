package tui

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// look is all that a pane's picture depends on; an equal look is not drawn again.
type look struct {
	sight  box.Sight
	w, h   int
	filter string
}

// draw is a pane's last picture.
type draw struct {
	look  look
	lines []string
}

// View draws the screen: exactly as many lines as it is high, each exactly as wide.
func (m *Model) View() tea.View {
	v := tea.NewView(strings.Join(m.screen(), "\n"))
	v.AltScreen = true
	v.WindowTitle = "slbtui " + words.Mode(m.snap)
	if d := m.snap.Duration; d > 0 && m.snap.At > 0 {
		v.WindowTitle += " " + format.Percent(min(1, float64(m.snap.At)/float64(d)))
	}
	if !m.opts.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

func (m *Model) screen() []string {
	if m.w <= 0 || m.h <= 0 {
		return nil
	}
	if m.w < minW || m.h < minH {
		return tooSmall(m.theme, m.w, m.h)
	}
	l := m.layout()
	screen := make([]string, m.h)
	screen[0] = m.header(m.w)
	screen[m.h-1] = m.footer(m.w)
	if l.timeline.w > 0 {
		s := m.sight()
		screen[l.timeline.y] = timeline(&s, l.timeline.w)
	}
	if l.tabs.w > 0 {
		screen[l.tabs.y] = tabLine(m.theme, m.tabs(), m.focus, l.tabs.w)
	}
	m.placePanes(screen, &l)
	if m.lost() != "" {
		m.dim(screen[1 : m.h-1])
	}
	if l.tour.w > 0 {
		s := m.sight()
		screen[l.tour.y] = m.tour.Line(&s, l.tour.w)
	}
	switch d := m.top().(type) {
	case nil:
	case box.Liner:
		s := m.sight()
		screen[m.h-1] = d.Line(&s, m.w)
	default:
		theme.Overlay(screen, m.framed(d), m.w)
	}
	return screen
}

// framed draws a dialog, as large as it needs and the screen allows.
func (m *Model) framed(d box.Box) []string {
	s := m.sight()
	_, inner := d.Draw(&s, m.w-6, m.h-4)
	if len(inner) > m.h-4 {
		inner = inner[:m.h-4]
	}
	title := format.Printable(d.Title(&s))
	w := ansi.StringWidth(title) + 2
	for _, line := range inner {
		w = max(w, ansi.StringWidth(line)+2)
	}
	padded := make([]string, len(inner))
	for i, line := range inner {
		padded[i] = " " + line
	}
	w = min(w, m.w-4)
	return m.theme.Framed(" "+title+" ", "", padded, w+2, len(inner)+2, true)
}

// placePanes writes every pane into its rows. Panes tile the body in columns, so each row is the
// panes that cross it, from left to right.
func (m *Model) placePanes(screen []string, l *layout) {
	var lines [panes][]string
	for id, r := range l.panes {
		if r.w > 0 {
			lines[id] = m.pane(paneID(id), r)
		}
	}
	for y := l.header.h + l.timeline.h + l.tabs.h; y < m.h-1; y++ {
		var b strings.Builder
		for x := 0; x < m.w; {
			id := paneAt(l, x, y)
			if id < 0 {
				b.WriteString(format.Spaces(m.w - x))
				break
			}
			r := l.panes[id]
			b.WriteString(lines[id][y-r.y])
			x += r.w
		}
		screen[y] = b.String()
	}
}

func paneAt(l *layout, x, y int) paneID {
	for id, r := range l.panes {
		if r.x == x && r.w > 0 && y >= r.y && y < r.y+r.h {
			return paneID(id)
		}
	}
	return -1
}

// pane returns the pane's lines, drawn anew only if what they depend on has changed.
func (m *Model) pane(id paneID, r rect) []string {
	now := look{sight: m.sightOf(id), w: r.w, h: r.h, filter: m.filterOf(id)}
	d := &m.drawn[id]
	if d.lines != nil && d.look == now {
		return d.lines
	}
	d.look = now
	s := &d.look.sight
	aside, lines := "", waiting(s)
	if lines == nil {
		aside, lines = m.panes[id].Draw(s, r.w-2, r.h-2)
	}
	title := strconv.Itoa(int(id)+1) + " " + m.panes[id].Title(s)
	if now.filter != "" {
		title += " /" + format.Printable(now.filter)
	}
	d.lines = m.theme.Framed(title, aside, lines, r.w, r.h, s.Focused)
	return d.lines
}

// waiting is what every pane shows before there is anything to show, otherwise nil.
func waiting(s *box.Sight) []string {
	if s.Snap.Seq > 0 || len(s.Snap.Servers) > 0 {
		return nil
	}
	return []string{"", " " + s.Theme.Dim.On("waiting for the engine"+s.Theme.Glyphs.Ellipsis)}
}

func tooSmall(t *theme.Theme, w, h int) []string {
	screen := make([]string, h)
	for i := range screen {
		screen[i] = format.Spaces(w)
	}
	words := format.Wrap(fmt.Sprintf("need %dx%d, have %dx%d %s q quits", minW, minH, w, h, t.Glyphs.Dot), w)
	first := max((h-len(words))/2, 0)
	for i, line := range words[:min(len(words), h)] {
		screen[first+i] = format.Fit(line, w)
	}
	return screen
}
