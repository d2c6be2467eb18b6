package command

import (
	"slices"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/orders"
	"slbtui/tui/words"
)

// harmless are the commands that leave the engine as it is. A file that the user asks for changes nothing.
var harmless = []string{"whatif", "back", "theme", "symbols", "mouse", "motion", "hide", "show", "tour", "freeze", "export", "help", "quit"}

func (v *Verb) steers() bool { return !slices.Contains(harmless, v.Name) }

// Usable are the commands, or, read-only, what is harmless.
func Usable(s *box.Sight) []Verb {
	return slices.DeleteFunc(verbs(), func(v Verb) bool { return s.ReadOnly && v.steers() })
}

// Refused says why an order is not given, nil where it may be: the last door before the engine.
func Refused(s *box.Sight, cmd live.Command) error {
	if !orders.Changes(cmd) {
		return nil
	}
	return s.Refusal(words.Command(cmd))
}
