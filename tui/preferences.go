package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"slbtui/tui/command"
	"slbtui/tui/format"
	"slbtui/tui/pane"
	"slbtui/tui/preferences"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Preferences are those of the console's looks that can be kept from one run to the next.
func Preferences() []preferences.Preference {
	return []preferences.Preference{
		{Name: "theme", Values: theme.Names()},
		{Name: "symbols", Values: theme.Symbols()},
		{Name: "mouse", Values: command.OnOff()},
		{Name: "window", Values: windowNames()},
		{Name: "chart", Values: pane.Charts()},
		{Name: "tour", Values: []string{tourOn, tourOver}},
		{Name: "table", Values: pane.Tables()},
		{Name: "sort", Values: pane.Sorts()},
		{Name: "order", Values: pane.Orders()},
		{Name: "motion", Values: command.OnOff()},
		{Name: "hide", Values: words.Panes(), Choice: preferences.Some},
	}
}

// windows are the time spans of the charts.
var windows = []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}

const defaultWindow = 1

func windowNames() []string {
	var names []string
	for _, w := range windows {
		names = append(names, format.Short(w))
	}
	return names
}

// windowNamed is the index of a window; a name that there is not is the default.
func windowNamed(name string) int {
	if i := slices.Index(windowNames(), name); i >= 0 {
		return i
	}
	return defaultWindow
}

// Keeper keeps what the user has changed. It is safe for concurrent use.
type Keeper interface {
	// Keep notes a preference. It does nothing that takes time.
	Keep(name, value string)
	// Save writes what was noted and is not written yet.
	Save() error
}

// savedMsg says how saving the preferences went.
type savedMsg struct{ err error }

// prefer keeps a preference for the next run.
func (m *Model) prefer(name, value string) tea.Cmd {
	keeper := m.opts.Keeper
	if keeper == nil {
		return nil
	}
	keeper.Keep(name, value)
	if m.tour != nil {
		keeper.Keep("tour", tourOn) // a file of preferences alone says that somebody has been here before
	}
	return func() tea.Msg { return savedMsg{keeper.Save()} }
}

// useSymbols changes what is drawn with; every pane is drawn anew.
func (m *Model) useSymbols(name string) tea.Cmd {
	m.opts.Symbols = name
	m.retheme(m.theme.Name)
	m.say(false, "drawn with "+name)
	return m.prefer("symbols", name)
}

func (m *Model) useMouse(value string) tea.Cmd {
	m.opts.NoMouse = value == "off"
	m.say(false, "mouse "+value)
	return m.prefer("mouse", value)
}

func (m *Model) useMotion(value string) tea.Cmd {
	m.motion.off = value == "off"
	m.say(false, "motion "+value)
	return m.prefer("motion", value)
}

// turnWindow changes the time window of the charts, longer (1) or shorter (-1).
func (m *Model) turnWindow(d int) tea.Cmd {
	m.window = min(max(m.window+d, 0), len(windows)-1)
	return m.prefer("window", format.Short(windows[m.window]))
}
