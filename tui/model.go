// Package tui is the console: it draws the engine's latest Snapshot and turns key presses into
// engine commands.
//
// It never touches a request, never routes and never opens a connection: all it knows is the
// Engine interface, whose values are plain data. Bubble Tea owns the goroutines, which end with
// Run. Nothing in View or Update waits: snapshots are fetched and commands are sent in tea.Cmds.
package tui

import (
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/cast"
	"slbtui/tui/command"
	"slbtui/tui/orders"
	"slbtui/tui/theme"
	"slbtui/tui/tour"
)

// Options shape the console. The zero value is the default.
type Options struct {
	FPS      int      // frames a second, 1-60; 0 is 8
	NoColor  bool     // NO_COLOR does the same
	ReadOnly bool     // shows everything, changes nothing of the engine
	NoMouse  bool     // leaves the mouse to the terminal
	Symbols  string   // "braille" (default), "block" or "ascii"
	Theme    string   // "dark", "light", "contrast", "colourblind" or "ansi"; "" is light where the terminal says so, else dark
	Window   string   // time window of the charts: "30s", "1m" (default), "2m" or "5m"
	Chart    string   // latencies as "lines" (default), "heat map" or "histogram"
	Table    string   // the Q-table as "values" (default), "heat map" or "policy map"
	Sort     string   // the Q-table by "visits" (default), "value" or "recency"
	Order    string   // the servers as pane.Orders has them; "" is the first
	Hidden   string   // panes that are not shown, as words.Panes has them, parted by blanks
	NoMotion bool     // nothing moves by itself
	Tour     bool     // it begins with a tour
	Notices  []string // said from the first frame on, one after the other
	NoShell  error    // why ctrl+z has no shell to go back to; nil where it has
	// Continued tells that the process was stopped and goes on (SIGCONT); nil never does.
	Continued <-chan os.Signal
	Keeper    Keeper         // keeps what the user changes of these; nil keeps nothing
	Cast      *cast.Recorder // records what the terminal is sent; nil is no recording
}

const defaultFPS = 8

// Model is the console's whole state.
type Model struct {
	engine  live.Engine
	opts    Options
	theme   *theme.Theme
	actions []action
	hints   [panes][]hint // of the footer, by the pane that has the focus

	w, h   int
	now    time.Time      // of the last frame: View knows no other clock
	snap   *live.Snapshot // what is shown, never nil
	latest *live.Snapshot // what the engine says; differs from snap while frozen, never nil

	frozen   bool
	frozenAt time.Time

	panes    [panes]box.Box
	focus    paneID
	hidden   paneSet
	zoomed   bool
	selected string    // server id
	window   int       // index into windows
	dialogs  []box.Box // the last one has the keyboard
	history  command.History
	orders   orders.Queue         // commands on their way to the engine
	toast    toast                // word of the last command, for a while
	tour     *tour.Tour           // nil when there is none
	drawn    [panes]draw          // what each pane looked like last
	resting  bool                 // the load, because ctrl+z paused it
	colours  colorprofile.Profile // that the terminal has
	motion   motion
}

// New returns a console for e.
func New(e live.Engine, o Options) *Model {
	if o.FPS < 1 || o.FPS > 60 {
		o.FPS = defaultFPS
	}
	starting := &live.Snapshot{State: "starting"}
	m := &Model{
		engine: e, opts: o, theme: theme.New(theme.Named(o.Theme), o.Symbols),
		snap: starting, latest: starting, window: windowNamed(o.Window), hidden: hiddenNamed(o.Hidden),
		motion: motion{off: o.NoMotion}, colours: colorprofile.TrueColor,
	}
	if m.hidden[m.focus] {
		m.turnFocus(1)
	}
	if o.Tour {
		m.tour = &tour.Tour{}
	}
	m.panes = newPanes(&m.opts)
	m.actions = paneKeys(actions(), m.panes[:])
	m.hint()
	return m
}

// hint works out the footer of each pane, of the keys that can do something.
func (m *Model) hint() {
	for id := range m.hints {
		m.hints[id] = footerHints(m.usableActions(), m.panes[:], paneID(id))
	}
}

// Init asks for the first frame.
func (m *Model) Init() tea.Cmd {
	return func() tea.Msg { return fetch(m.engine, time.Now()) }
}

// frameMsg is a tick with the snapshot of that time.
type frameMsg struct {
	at   time.Time
	snap *live.Snapshot
}

func fetch(e live.Engine, at time.Time) tea.Msg { return frameMsg{at: at, snap: e.Snapshot()} }

func (m *Model) tick() tea.Cmd {
	e := m.engine
	if s, ok := e.(live.Sparing); ok {
		s.Want(m.looksAt()...)
	}
	return tea.Tick(time.Second/time.Duration(m.opts.FPS), func(t time.Time) tea.Msg { return fetch(e, t) })
}
