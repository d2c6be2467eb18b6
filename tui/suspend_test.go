//go:build unix

package tui

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

func TestSuspendPausesTheLoadAndResumeGoesOn(t *testing.T) {
	f := &canned.Engine{Snap: canned.Snapshot(3)}
	f.Snap.Load.Completed = f.Snap.Load.Sent // nothing is in flight
	m := console(f.Snap, 80, 24, Options{})
	m.engine = f
	m.Update(press(":")) // whatever has the keyboard
	_, cmd := m.Update(press("ctrl+z"))
	require.Equal(t, tea.SuspendMsg{}, cmd())
	require.Equal(t, []live.Command{live.SetPaused{Paused: true}}, f.Orders(), "before the process stops")
	_, cmd = m.Update(tea.ResumeMsg{})
	cmd()
	require.Equal(t, []live.Command{live.SetPaused{Paused: true}, live.SetPaused{}}, f.Orders())
	_, cmd = m.Update(tea.ResumeMsg{})
	require.Nil(t, cmd, "once")
}

func TestSuspendLeavesALoadAloneThatRests(t *testing.T) {
	paused, elsewhere := canned.Snapshot(3), canned.Snapshot(3)
	paused.Load.Paused, elsewhere.Load.Enabled = true, false
	for _, m := range []*Model{
		console(paused, 80, 24, Options{}), console(elsewhere, 80, 24, Options{}), console(canned.Snapshot(3), 80, 24, Options{ReadOnly: true}),
	} {
		f := &canned.Engine{Snap: m.snap}
		m.engine = f
		_, cmd := m.Update(press("ctrl+z"))
		require.Equal(t, tea.SuspendMsg{}, cmd())
		_, cmd = m.Update(tea.ResumeMsg{})
		require.Nil(t, cmd)
		require.Empty(t, f.Orders())
	}
}

func TestSuspendNeedsAShell(t *testing.T) {
	m := console(canned.Snapshot(3), 80, 24, Options{NoShell: errors.New("ctrl+z: there is no shell to go back to")})
	_, cmd := m.Update(press("ctrl+z"))
	require.Nil(t, cmd)
	require.Contains(t, plain(m), "there is no shell to go back to")
}

// Who was stopped by a signal and goes on gets the terminal anew: raw, and painted.
func TestContinuedPaintsAnew(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	out, continued, done := &screen{}, make(chan os.Signal), make(chan error, 1)
	go func() {
		done <- Run(ctx, &canned.Engine{Snap: canned.Snapshot(3)}, Options{Continued: continued},
			tea.WithInput(nil), tea.WithOutput(out), tea.WithWindowSize(80, 24), tea.WithoutSignalHandler())
	}()
	painted := func() int { return strings.Count(out.String(), "server3") }
	require.Eventually(t, func() bool { return painted() > 0 }, 30*time.Second, time.Millisecond)
	before := painted()
	continued <- syscall.SIGCONT
	require.Eventually(t, func() bool { return painted() > before }, 30*time.Second, time.Millisecond)
	end()
	require.NoError(t, <-done)
}
