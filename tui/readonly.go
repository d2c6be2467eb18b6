package tui

import (
	"fmt"
	"slices"

	"slbtui/engine/live"
)

// Read-only, the console shows everything and changes nothing. Keys and commands are refused before
// they ask anything; order refuses what is left, so that no way to the engine stays open.

// steering are the groups of keys that change the engine.
var steering = []string{"Routing", "Learning", "Servers and traffic"}

// harmless are the commands of the command line that leave the engine as it is. A file that the
// user asks for changes nothing.
var harmless = []string{"whatif", "theme", "symbols", "mouse", "freeze", "export", "help", "quit"}

func (a *action) steers() bool { return slices.Contains(steering, a.group) }

func (v *verb) steers() bool { return !slices.Contains(harmless, v.name) }

// refusal says why what would be done is not, nil when it may be.
func (m *Model) refusal(steers bool, what string) error {
	if m.opts.ReadOnly && steers {
		return fmt.Errorf("read-only: %s would change the engine", what)
	}
	return nil
}

// changes tells whether a command leaves the engine other than it was.
func changes(cmd live.Command) bool {
	switch cmd.(type) {
	case live.Export, live.AskWhatIf: // a file, a prediction beside the run
		return false
	}
	return true
}

// usableActions are those of the key map, or what is harmless.
func (m *Model) usableActions() []action {
	return slices.DeleteFunc(slices.Clone(m.actions), func(a action) bool { return m.opts.ReadOnly && a.steers() })
}

// usableVerbs are those of the command line, or what is harmless.
func (m *Model) usableVerbs() []verb {
	return slices.DeleteFunc(verbs(), func(v verb) bool { return m.opts.ReadOnly && v.steers() })
}
