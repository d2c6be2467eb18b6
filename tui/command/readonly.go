package command

import (
	"slices"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/words"
)

// steers tells whether a command changes the engine: one table says so to the console and to the admin listener.
func (v *Verb) steers() bool {
	kind, ok := live.KindNamed(v.do)
	return ok && kind.Changes
}

// Usable are the commands that can do something here: read-only, what is harmless.
func Usable(s *box.Sight) []Verb {
	return slices.DeleteFunc(verbs(), func(v Verb) bool {
		return s.ReadOnly && v.steers() || v.Name == "balancer" && (s.Latest == nil || s.Latest.Link == nil)
	})
}

// Refused says why an order is not given, nil where it may be: the last door before the engine.
func Refused(s *box.Sight, cmd live.Command) error {
	if !live.Changes(cmd) {
		return nil
	}
	return s.Refusal(words.Command(cmd))
}
