package dialog

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Inspector shows why a learner decided as it did, for its latest decisions. It holds still while
// it is read; r looks again.
type Inspector struct {
	learner   live.Learner
	decisions []*live.Decision // newest first
	at, first int
}

// AskWhy opens the inspector on the decisions of the learner shown.
func AskWhy(s *box.Sight) box.Act {
	l := words.Learner(s.Snap)
	if l == nil {
		return box.Complain("there is no learner whose decisions could be shown")
	}
	d := words.Decisions(s.Snap, l)
	if len(d) == 0 {
		return box.Complain(l.Name + " has not decided anything yet")
	}
	return box.Act{Open: &Inspector{learner: *l, decisions: d}}
}

// Title says whose decisions.
func (i *Inspector) Title(*box.Sight) string { return "Why " + i.learner.Name + " chose" }

// Press goes to another decision, or looks again.
func (i *Inspector) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	switch k.String() {
	case "q", "enter":
		return box.Act{Close: true}
	case "j", "down":
		i.at++
	case "k", "up":
		i.at--
	case "ctrl+d", "pgdown":
		i.at += box.Half
	case "ctrl+u", "pgup":
		i.at -= box.Half
	case "g", "home":
		i.at = 0
	case "G", "end":
		i.at = len(i.decisions) - 1
	case "r":
		if l := words.Learner(s.Snap); l != nil {
			if d := words.Decisions(s.Snap, l); len(d) > 0 {
				i.learner, i.decisions, i.at = *l, d, 0
			}
		}
	}
	i.at = min(max(i.at, 0), len(i.decisions)-1)
	return box.Act{}
}

// Draw lists the decisions, and takes the one at the cursor apart.
func (i *Inspector) Draw(s *box.Sight, w, h int) (string, []string) {
	t, d := s.Theme, i.decisions[i.at]
	if len(d.Servers) > len(s.Snap.Servers) {
		return "", []string{"the servers have changed: press r"}
	}
	said := s.Names(min(w, 96) - 1)
	reason := format.Wrap(words.Why(said, &i.learner, d), min(w, 96))
	var read []string
	if text := words.Read(said, d); text != "" && h >= 12 {
		read = format.Wrap(text, min(w, 96))
	}
	gap := []string{}
	if h >= 16 {
		gap = []string{""}
	}
	room := max(h-len(reason)-len(read)-1-3*len(gap), 3)
	servers := min(len(d.Servers), max(room/2, 1))
	listed := min(max(room-servers-1, 1), 10, len(i.decisions))
	i.first = box.Visible(i.first, i.at, len(i.decisions), listed)
	var out []string
	names := s.Names(max(w-25, 8)) // beside the time, the verdict and an ellipsis
	for n := i.first; n < min(i.first+listed, len(i.decisions)); n++ {
		out = append(out, ansi.Truncate(i.summary(s, n, names), w, t.Glyphs.Ellipsis))
	}
	out = append(append(out, gap...), Terms(s, &i.learner, d, min(w, 96), servers)...)
	out = append(out, gap...)
	for _, line := range reason {
		out = append(out, t.Bold.On(format.Fit(line, min(w, 96))))
	}
	for _, line := range read {
		out = append(out, t.Dim.On(format.Fit(line, min(w, 96))))
	}
	out = append(out, gap...)
	return "", append(out, t.KeyLine(w, theme.Hint{"j k", "older, newer"}, theme.Hint{"r", "look again"}, theme.Hint{"esc", "back"}))
}

// summary is one decision in a line.
func (i *Inspector) summary(s *box.Sight, n int, names []string) string {
	t, d := s.Theme, i.decisions[n]
	lead, style := "  ", t.Plain
	if n == i.at {
		lead, style = t.Title.On(t.Glyphs.Cursor)+" ", t.Title
	}
	_, how := Verdict(t, d, d.Chosen)
	if d.Routed != d.Chosen {
		how = "would choose"
	}
	text := t.Dim.On(format.Moment(d.At)) + " " + format.Left(how, 12, "") + " " + style.On(names[d.Chosen])
	if d.State != "" {
		text += t.Dim.On(" in ") + format.Printable(d.State)
	}
	return lead + text
}
