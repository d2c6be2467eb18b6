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
	aside := t.Dim.On(format.Printable(st.Process))
	if h <= smallSteering {
		return aside, smallWeights(s, w)[:min(h, 2)]
	}
	lines := []string{format.Fit(" "+t.Bold.On(words.SteeredBy(st)), w)}
	if st.Problem != "" {
		lines = append(lines, format.Fit(" "+t.Bad.On(format.Left(format.Printable(st.Problem), max(w-1, 0), t.Glyphs.Ellipsis)), w))
	}
	name := 6
	for i := range st.Servers {
		name = max(name, min(ansi.StringWidth(format.Printable(st.Servers[i].ID)), 20))
	}
	if len(lines) < h-1 {
		lines = append(lines, format.Fit(" "+t.Dim.On(format.Left("server", name, "")+"  has gets  because"), w))
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
			lines = append(lines, format.Fit(slider(s, l, k.name, k.keys, k.meaning, w), w))
		}
	}
	return aside, lines
}

// smallSteering is the most lines of a pane that has no room for a line a server.
const smallSteering = 3

// smallWeights has all weights in a line, and in the next the reason of the selected server, or what is wrong.
func smallWeights(s *box.Sight, w int) []string {
	t, st := s.Theme, s.Snap.Steering
	first, second := " "+t.Dim.On(words.SteeredShort(st)), ""
	for i := range st.Servers {
		v := &st.Servers[i]
		word := "  " + t.Server(i).On(format.Printable(v.ID)) + " " + weight(v.Weight)
		if ansi.StringWidth(first+word) > w {
			break
		}
		first += word
		if v.ID == s.Server {
			second = format.Printable(v.ID) + ": " + words.Steered(v)
		}
	}
	ink := t.Dim
	if st.Problem != "" {
		second, ink = format.Printable(st.Problem), t.Bad
	}
	return []string{format.Fit(first, w), format.Fit(" "+ink.On(format.Left(second, max(w-1, 0), t.Glyphs.Ellipsis)), w)}
}

func steeredLine(s *box.Sight, v *live.SteeredServer, i, name, w int) string {
	t := s.Theme
	gets := format.Right(weight(v.Weight), 4)
	if v.Weight >= 0 && v.Weight != v.Has {
		gets = t.Bold.On(gets)
	}
	because := words.Steered(v)
	head := " " + t.Server(i).On(format.Left(format.Printable(v.ID), name, t.Glyphs.Ellipsis)) + format.Right(weight(v.Has), 5) + " " + gets + "  "
	return format.Fit(head+t.Dim.On(format.Left(because, max(w-ansi.StringWidth(head), 0), t.Glyphs.Ellipsis)), w)
}

// weight is one, or a dash where it is unknown or left as it is.
func weight(n int) string {
	if n < 0 {
		return "-"
	}
	return strconv.Itoa(min(n, 999))
}
