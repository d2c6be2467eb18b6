package tui

import (
	"fmt"
	"runtime/debug"
	"time"

	tea "charm.land/bubbletea/v2"
)

// guard turns a panic of the model or of one of its commands into an error and an ordinary quit,
// so that the terminal is restored before anything is printed about it.
type guard struct {
	inner *Model
	crash error
}

type crashMsg struct{ err error }

func crashed(where string, cause any) error {
	return fmt.Errorf("the console crashed in %s: %v\n%s", where, cause, debug.Stack())
}

func (g *guard) Init() tea.Cmd {
	if g.inner.opts.Theme != "" {
		return protect(g.inner.Init())
	}
	return tea.Batch(protect(g.inner.Init()), tea.RequestBackgroundColor)
}

func (g *guard) Update(msg tea.Msg) (_ tea.Model, cmd tea.Cmd) {
	defer func() {
		if cause := recover(); cause != nil {
			g.crash, cmd = crashed("Update", cause), tea.Quit
		}
	}()
	if c, ok := msg.(crashMsg); ok {
		g.crash = c.err
	}
	if g.crash != nil {
		return g, tea.Quit
	}
	_, cmd = g.inner.Update(msg)
	return g, protect(cmd)
}

// View cannot quit: the next message does, and the ticks bring one soon.
func (g *guard) View() (v tea.View) {
	defer func() {
		if cause := recover(); cause != nil {
			g.crash = crashed("View", cause)
			v = tea.NewView("")
		}
	}()
	began := time.Now()
	v = g.inner.View()
	g.inner.motion.drawn(time.Since(began))
	return v
}

func protect(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if cause := recover(); cause != nil {
				msg = crashMsg{crashed("a command", cause)}
			}
		}()
		return cmd()
	}
}
