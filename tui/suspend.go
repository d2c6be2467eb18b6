package tui

import (
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/command"
	"slbtui/tui/orders"
)

// restFor is how long a suspension waits for the requests in flight: one that slept through it would be
// measured as slow.
const restFor = time.Second

// continuedMsg says that the process was stopped by somebody else, and goes on.
type continuedMsg struct{}

// suspend gives the terminal back to the shell. The load rests meanwhile, unless it rests anyway.
func (m *Model) suspend() tea.Cmd {
	if m.opts.NoShell != nil {
		return m.complain(m.opts.NoShell.Error())
	}
	s, pause := m.sight(), live.SetPaused{Paused: true}
	load := &m.latest.Load
	if m.away() || !load.Enabled || load.Paused || load.Recorded || load.Finished || command.Refused(&s, pause) != nil {
		return tea.Suspend
	}
	m.resting = true
	e := m.engine
	return func() tea.Msg {
		if orders.Send(e, pause).Err == nil {
			settle(e)
		}
		return tea.SuspendMsg{}
	}
}

// settle waits until no request is in flight, at most restFor.
func settle(e live.Engine) {
	end := time.Now().Add(restFor)
	for time.Now().Before(end) {
		if s := e.Snapshot(); s == nil || s.Load.Completed >= s.Load.Sent {
			return
		}
		time.Sleep(restFor / 50)
	}
}

// resume is the way back from suspend.
func (m *Model) resume() tea.Cmd {
	if !m.resting {
		return nil
	}
	m.resting = false
	return m.order(live.SetPaused{})
}

// retake takes the terminal again, in raw mode and painted anew: a shell has had it meanwhile.
func retake() tea.Cmd { return tea.Exec(nothing{}, func(error) tea.Msg { return tea.ClearScreen() }) }

// nothing is a program that does nothing: around it Bubble Tea gives the terminal back, and takes it.
type nothing struct{}

// Run takes a moment: Bubble Tea's renderer stops the ticker shortly after it was told to end, and would
// stop that of its successor.
func (nothing) Run() error {
	time.Sleep(100 * time.Millisecond)
	return nil
}

func (nothing) SetStdin(io.Reader)  {}
func (nothing) SetStdout(io.Writer) {}
func (nothing) SetStderr(io.Writer) {}
