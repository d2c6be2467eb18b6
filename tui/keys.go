package tui

import (
	"fmt"
	"strconv"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"slbtui/tui/box"
	"slbtui/tui/command"
	"slbtui/tui/dialog"
)

// action is one line of the key map. Dispatch, help and footer read one table, so no key is
// shown that doesn't work.
type action struct {
	key.Binding
	group string
	do    func(*Model, tea.KeyPressMsg) tea.Cmd
}

func bind(group, shown, help string, do func(*Model, tea.KeyPressMsg) tea.Cmd, keys ...string) action {
	return action{key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, help)), group, do}
}

// see wraps what only changes the view.
func see(f func(*Model)) func(*Model, tea.KeyPressMsg) tea.Cmd {
	return func(m *Model, _ tea.KeyPressMsg) tea.Cmd {
		f(m)
		return nil
	}
}

// ask wraps what asks something of the engine, or of the user first.
func ask(f func(*box.Sight) box.Act) func(*Model, tea.KeyPressMsg) tea.Cmd {
	return func(m *Model, _ tea.KeyPressMsg) tea.Cmd {
		s := m.sight()
		return m.carryOut(f(&s))
	}
}

// turn wraps what moves a control, downward with the key down.
func turn(f func(*box.Sight, command.Direction) box.Act, down string) func(*Model, tea.KeyPressMsg) tea.Cmd {
	return func(m *Model, k tea.KeyPressMsg) tea.Cmd {
		s := m.sight()
		return m.carryOut(f(&s, direction(k, down)))
	}
}

func does(d box.Deed) func(*box.Sight) box.Act {
	return func(*box.Sight) box.Act { return box.Act{Do: d} }
}

func actions() []action {
	return []action{
		bind("General", "?", "this help", ask(does(box.Help)), "?"),
		bind("General", ":", "command line, such as :slow s2 5x 20s; tab completes", see(func(m *Model) { m.open(command.NewLine(&m.history)) }), ":"),
		bind("General", "q", "quit; the run summary is written (ctrl+c does the same)", ask(does(box.Quit)), "q", "ctrl+c"),
		bind("General", "esc", "back one level; never quits", func(m *Model, _ tea.KeyPressMsg) tea.Cmd { return m.back() }, "esc"),
		bind("General", "space", "freeze the view; the engine runs on", ask(does(box.Freeze)), "space"),
		bind("General", "ctrl+z", "suspend; the load rests until fg brings it back", func(m *Model, _ tea.KeyPressMsg) tea.Cmd { return m.suspend() }, "ctrl+z"),
		bind("General", "ctrl+l", "paint the screen anew", func(*Model, tea.KeyPressMsg) tea.Cmd { return tea.ClearScreen }, "ctrl+l"),
		bind("General", "x", "write the run summary so far", ask(command.Export), "x"),

		bind("Routing", "t", "switch between round robin and RL", ask(command.Toggle), "t"),
		bind("Routing", "T", "choose which learner RL is", ask(dialog.AskLearner), "T"),
		bind("Routing", "p", "choose any policy", ask(dialog.AskPolicy), "p"),

		bind("Learning", ", .", "epsilon (exploration) down, up", turn(command.Nudge("epsilon"), ","), ",", "."),
		bind("Learning", "< >", "alpha (step size) down, up", turn(command.Nudge("alpha"), "<"), "<", ">"),
		bind("Learning", "; '", "gamma (weight of what follows) down, up", turn(command.Nudge("gamma"), ";"), ";", "'"),
		bind("Learning", "e", "type an exact epsilon", ask(dialog.AskParam("epsilon")), "e"),
		bind("Learning", "a", "type an exact alpha", ask(dialog.AskParam("alpha")), "a"),
		bind("Learning", "R", "make the learner forget its Q-table (asks)", ask(dialog.AskReset), "R"),

		bind("Servers and traffic", "s", "slow the selected server", ask(dialog.AskSlow), "s"),
		bind("Servers and traffic", "S", "clear the selected server's faults", ask(command.Heal), "S"),
		bind("Servers and traffic", "f", "inject a fault: errors, stall, crash, delay", ask(dialog.AskFault), "f"),
		bind("Servers and traffic", "D", "drain the selected server: no new requests; again lets it in", ask(command.Drain), "D"),
		bind("Servers and traffic", "K", "stop the selected server (asks)", ask(dialog.AskStop), "K"),
		bind("Servers and traffic", "+ -", "request rate up, down; asks beyond 10 times the start", turn(command.ChangeRate, "-"), "+", "=", "-"),
		bind("Servers and traffic", "L", "pause, resume the load", ask(command.PauseLoad), "L"),

		bind("View", "tab", "next pane; shift+tab the one before", func(m *Model, k tea.KeyPressMsg) tea.Cmd {
			m.turnFocus(paneID(direction(k, "shift+tab")))
			return nil
		}, "tab", "shift+tab"),
		bind("View", fmt.Sprintf("1-%d", panes), "focus a pane", func(m *Model, k tea.KeyPressMsg) tea.Cmd {
			return m.focusOn(paneID(k.String()[0] - '1'))
		}, numbers()...),
		bind("View", "z", "zoom the pane, and back", see(func(m *Model) { m.zoomed = !m.zoomed }), "z"),
		bind("View", "enter", "details: of a server; of the Q-table, why each server was chosen", (*Model).details, "enter"),
		bind("View", "w", "what if: what each policy would do now, predicted beside what is", ask(dialog.AskWhatIf), "w"),
		bind("View", "W", "look back: what each policy would have made of the last minutes", ask(dialog.AskLookBack), "W"),
		bind("View", balancersKey, "the balancers that the console is attached to; enter shows another", ask(dialog.AskBalancer), balancersKey),
		bind("View", "[ ]", "shorter, longer time window", func(m *Model, k tea.KeyPressMsg) tea.Cmd {
			return m.turnWindow(int(direction(k, "[")))
		}, "[", "]"),

		bind("View", "/", "filter the servers, the Q-table or the events", see(func(m *Model) { m.carryOut(dialog.AskFilter(m.panes[m.focus])) }), "/"),
		bind("View", "n N", "next, previous match of the filter", (*Model).step, "n", "N"),
		bind("View", "y", "copy the pane to the clipboard (OSC 52)", func(m *Model, _ tea.KeyPressMsg) tea.Cmd { return m.copyPane() }, "y"),

		bind("Moving", "j k", "down, up (arrows too)", (*Model).pressFocused, "j", "k", "down", "up"),
		bind("Moving", "h l", "left, right in the Q-table (arrows too)", (*Model).pressFocused, "h", "l", "left", "right"),
		bind("Moving", "g G", "first, last line", (*Model).pressFocused, "g", "G", "home", "end"),
		bind("Moving", "ctrl+u ctrl+d", "half a page up, down (page keys too)", (*Model).pressFocused, "ctrl+u", "ctrl+d", "pgup", "pgdown"),
	}
}

// numbers are the keys of the panes, 1 and on.
func numbers() []string {
	var keys []string
	for id := range panes {
		keys = append(keys, strconv.Itoa(int(id)+1))
	}
	return keys
}

// direction is Down when k is the key down, otherwise Up.
func direction(k tea.KeyPressMsg, down string) command.Direction {
	if k.String() == down {
		return command.Down
	}
	return command.Up
}
