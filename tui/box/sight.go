package box

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/format"
	"slbtui/tui/orders"
	"slbtui/tui/theme"
)

// Sight is all that a box sees. It can be compared: an equal one looks the same. What it points to never
// changes.
type Sight struct {
	Snap     *live.Snapshot // what is shown, never nil
	Latest   *live.Snapshot // what the engine says, for dialogs that follow it while the view is frozen; to a pane, Snap
	Theme    *theme.Theme
	Asked    *orders.Pending // of the controls, and not in Snap yet
	Server   string          // id of the one selected
	Window   time.Duration   // of the charts
	Place    Place
	Focused  bool
	Moment   time.Duration // to a Mover, of what moves by itself; 0 where nothing does
	ReadOnly bool          // nothing of the engine can be changed
}

// Place is how much of the screen a pane has.
type Place int

// The places.
const (
	Beside Place = iota // other panes
	Only                // this one fits on the screen
	Zoomed              // to the whole screen, as the user wished
)

// Alone tells whether a pane has the screen to itself.
func (p Place) Alone() bool { return p != Beside }

// Names are the servers' ids in at most w cells each, shortened so that they can be told apart: what
// everything on the screen calls them.
func (s *Sight) Names(w int) []string {
	names := make([]string, len(s.Snap.Servers))
	for i := range names {
		names[i] = format.Printable(s.Snap.Servers[i].ID)
	}
	return format.Apart(names, w, s.Theme.Glyphs.Ellipsis)
}

// EventsIn returns how an event is written in so much room on lines of w cells: in full, otherwise with a
// shorter name of its server, so that there is room for what became of it.
func (s *Sight) EventsIn(w int) func(e *live.Event, room int) string {
	short := s.Names(max(w/3, 9))
	return func(e *live.Event, room int) string {
		text := s.Theme.Words(e.Text)
		i := slices.IndexFunc(s.Snap.Servers, func(v live.Server) bool { return Concerns(e, v.ID) })
		if i >= 0 && ansi.StringWidth(text) > room {
			text = strings.Replace(text, format.Printable(s.Snap.Servers[i].ID), short[i], 1)
		}
		return ansi.Truncate(text, max(room, 0), s.Theme.Glyphs.Ellipsis)
	}
}

// Concerns tells whether an event is one of that server.
func Concerns(e *live.Event, server string) bool {
	return e.Server == server || e.Server == "" && strings.HasPrefix(e.Text, server+":")
}

// Index is that of the selected server, -1 when there is none.
func (s *Sight) Index() int {
	for i := range s.Snap.Servers {
		if s.Snap.Servers[i].ID == s.Server {
			return i
		}
	}
	return -1
}

// Selected returns the selected server, nil when there is none.
func (s *Sight) Selected() *live.Server {
	if i := s.Index(); i >= 0 {
		return &s.Snap.Servers[i]
	}
	return nil
}

// Seconds are the closed seconds of the time window.
func (s *Sight) Seconds() []metrics.Second {
	all := s.Snap.Seconds
	return all[max(0, len(all)-int(s.Window/time.Second)):]
}

// Param writes a parameter's value, with the one asked for until a snapshot shows it; false when the
// learner has no such parameter.
func (s *Sight) Param(l *live.Learner, name string) (string, bool) {
	for _, p := range l.Params {
		if p.Name == name {
			return s.withAsked(p.Value, live.SetParam{Learner: l.Name, Param: name}, format.Decimal), true
		}
	}
	return "", false
}

// Rate writes the offered rate, with the one asked for until a snapshot shows it.
func (s *Sight) Rate() string {
	return s.withAsked(s.Snap.Load.Rate, live.SetRate{}, format.Rate)
}

// withAsked writes the value of now and, after an arrow, the one asked of the control that cmd moves, if any was.
func (s *Sight) withAsked(now float64, cmd live.Command, write func(float64) string) string {
	text := write(now)
	if v, ok := s.Asked.Shown(cmd); ok {
		g := &s.Theme.Glyphs
		text += s.Theme.Warn.On(g.Arrow + write(v) + g.Ellipsis)
	}
	return text
}

// Refusal says why what, which changes the engine, is not done; nil where it may be. Keys and commands are
// refused before they ask anything, orders when they are given, so that no way to the engine stays open.
func (s *Sight) Refusal(what string) error {
	switch link := s.Latest.Link; {
	case s.ReadOnly && link != nil && link.ReadOnly != "":
		return fmt.Errorf("read-only, since %s: %s would change the engine", link.ReadOnly, what)
	case s.ReadOnly:
		return fmt.Errorf("read-only: %s would change the engine", what)
	}
	return nil
}

// UnlessReadOnly is a hint at keys that change the engine, empty where they are refused.
func (s *Sight) UnlessReadOnly(hint string) string {
	if s.ReadOnly {
		return ""
	}
	return hint
}
