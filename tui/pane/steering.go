package pane

import (
	"strconv"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// steering is the pane in front of somebody else's balancer: which weights its servers get, and why. Sliders come below
// where there is room.
func steering(s *box.Sight, w, h int) (string, []string) {
	t, st := s.Theme, s.Snap.Steering
	aside := t.Dim.On(st.Process)
	lines := []string{" " + format.Fit(t.Bold.On(words.SteeredBy(st)), max(w-1, 0))}
	if st.Problem != "" {
		lines = append(lines, " "+t.Bad.On(format.Left(format.Printable(st.Problem), max(w-1, 0), t.Glyphs.Ellipsis)))
	}
	name := 6
	for i := range st.Servers {
		name = max(name, min(ansi.StringWidth(format.Printable(st.Servers[i].ID)), 20))
	}
	if len(lines) < h-1 {
		lines = append(lines, " "+t.Dim.On(format.Left("server", name, "")+"  has gets  because"))
	}
	for i := range st.Servers {
		if len(lines) == h {
			break
		}
		lines = append(lines, steeredLine(s, &st.Servers[i], i, name, w))
	}
	if l := words.Learner(s.Snap); l != nil && len(lines)+len(knobs)+1 <= h {
		lines = append(lines, "")
		for _, k := range knobs {
			lines = append(lines, slider(s, l, k.name, k.keys, k.meaning, w))
		}
	}
	return aside, lines
}

func steeredLine(s *box.Sight, v *live.SteeredServer, i, name, w int) string {
	t := s.Theme
	gets := format.Right(weight(v.Weight), 4)
	if v.Weight >= 0 && v.Weight != v.Has {
		gets = t.Bold.On(gets)
	}
	because := words.Steered(v)
	head := " " + t.Server(i).On(format.Left(format.Printable(v.ID), name, t.Glyphs.Ellipsis)) + format.Right(weight(v.Has), 5) + " " + gets + "  "
	return head + t.Dim.On(format.Left(because, max(w-ansi.StringWidth(head), 0), t.Glyphs.Ellipsis))
}

// weight is one, or a dash where it is unknown or left as it is.
func weight(n int) string {
	if n < 0 {
		return "-"
	}
	return strconv.Itoa(min(n, 999))
}
