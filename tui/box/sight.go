package box

import (
	"fmt"
	"time"

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
	ReadOnly bool // nothing of the engine can be changed
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
	if s.ReadOnly {
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
