package tui

import (
	"cmp"
	"time"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// awayWords are those of keys and commands that mean something else where the engine runs in another process.
var awayWords = map[string]string{
	"q":      "quit the console; the balancer runs on (ctrl+c does the same)",
	":quit":  "quit the console; the balancer runs on",
	"ctrl+z": "suspend; the balancer runs on, fg brings the console back",
}

// balancersKey is of use only there.
const balancersKey = "b"

// away tells whether the engine runs in another process.
func (m *Model) away() bool { return m.latest.Link != nil }

// looksAt are the parts of a snapshot that are on the screen, or may be with the next key of a dialog.
func (m *Model) looksAt() []live.Part {
	l := m.layout()
	if l.panes[paneQTable].w > 0 || m.top() != nil {
		return live.Parts()
	}
	return nil
}

// readOnly tells whether nothing can be changed, because the user wants it so or has no right to.
func (m *Model) readOnly() bool {
	return m.opts.ReadOnly || m.away() && m.latest.Link.ReadOnly != ""
}

// silence is how old a picture gets before it is taken for one of before: four come in a second.
const silence = 3 * time.Second

// lost says since when the picture is of before, "" while it is of now.
func (m *Model) lost() string {
	if !m.away() {
		return ""
	}
	l := m.latest.Link
	switch {
	case !l.Lost.IsZero():
		return words.LostFor(m.now.Sub(l.Lost))
	case !l.At.IsZero() && m.now.Sub(l.At) > silence: // asked, and not answered yet
		return words.LostFor(m.now.Sub(l.At))
	}
	return ""
}

// dim takes the colours from lines: what they show is no longer so.
func (m *Model) dim(lines []string) {
	for i, line := range lines {
		lines[i] = m.theme.Dim.On(ansi.Strip(line))
	}
}

// lostLine says, in the footer's place, why nothing comes.
func (m *Model) lostLine(w int) string {
	l := m.latest.Link
	why := format.Printable(cmp.Or(l.Why, l.Name+": no answer")) + "; it is asked again and again"
	return format.Fit(" "+m.theme.Bad.On(ansi.Truncate(why, max(w-2, 0), m.theme.Glyphs.Ellipsis)), w)
}
