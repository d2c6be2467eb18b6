package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

// attachedTo is a picture of a balancer in another process, of two that the console is attached to.
func attachedTo(change func(*live.Link)) *live.Snapshot {
	s := canned.Snapshot(3)
	s.Load.Enabled = false
	for i := range s.Servers {
		s.Servers[i].Simulated = false
	}
	s.Link = &live.Link{Name: "http://127.0.0.1:9090", Fleet: []live.Member{{Name: "http://127.0.0.1:9090", Snap: s}, {Name: "http://127.0.0.1:9091"}}}
	if change != nil {
		change(s.Link)
	}
	return s
}

func lostFor(d time.Duration) func(*live.Link) {
	return func(l *live.Link) { l.Lost, l.Why = canned.Epoch.Add(-d), "http://127.0.0.1:9090: connection refused" }
}

// A lost connection leaves the last picture, dimmed, and says since when and why.
func TestLostConnection(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}, {200, 60}} {
		m := console(attachedTo(lostFor(12*time.Second)), size[0], size[1], Options{})
		wellFormed(t, m)
		lines := m.screen()
		require.Contains(t, ansi.Strip(lines[0]), "lost 12 s ago")
		require.Contains(t, ansi.Strip(lines[len(lines)-1]), "connection refused"[:min(18, size[0]-30)])
		for _, line := range lines[1 : len(lines)-1] {
			require.Equal(t, m.theme.Dim.On(ansi.Strip(line)), line)
		}
		require.Contains(t, plain(m), "server1")
		m.Update(frameMsg{at: canned.Epoch.Add(3 * time.Second), snap: m.snap})
		require.Contains(t, plain(m), "lost 15 s ago", "it goes on")
		m.Update(frameMsg{at: canned.Epoch, snap: attachedTo(nil)})
		require.NotContains(t, plain(m), "lost")
	}
}

// One that is asked and does not answer is lost, too, before anything has failed.
func TestASilentBalancerIsLost(t *testing.T) {
	m := console(attachedTo(func(l *live.Link) { l.At = canned.Epoch.Add(-2 * time.Second) }), 120, 40, Options{})
	require.NotContains(t, plain(m), "lost")
	m.Update(frameMsg{at: canned.Epoch.Add(4 * time.Second), snap: m.snap})
	require.Contains(t, plain(m), "lost 6 s ago")
	require.Contains(t, plain(m), "http://127.0.0.1:9090: no answer")
}

// Before there was any picture, there is one that says so.
func TestLostBeforeTheFirstPicture(t *testing.T) {
	s := &live.Snapshot{State: live.RunStarting, Link: &live.Link{Name: "unix:/run/s", Fleet: []live.Member{{Name: "unix:/run/s"}}}}
	lostFor(time.Hour)(s.Link)
	for _, k := range allKeys() {
		m := console(s, 120, 40, Options{})
		for _, k := range []string{k, "enter", "j", "enter"} {
			_, cmd := m.Update(press(k))
			run(m, cmd)
			wellFormed(t, m)
		}
	}
	require.Contains(t, plain(console(s, 120, 40, Options{})), "lost 60 min ago")
}

// Who may only look has a read-only console without having asked for it, and is told why.
func TestAViewersConsoleIsReadOnly(t *testing.T) {
	viewer := attachedTo(func(l *live.Link) { l.ReadOnly = "this token is a viewer's" })
	m := console(viewer, 120, 40, Options{})
	require.Contains(t, plain(m), "READ-ONLY")
	for _, a := range m.actions {
		m := console(viewer, 120, 40, Options{})
		_, cmd := m.Update(press(a.Keys()[0]))
		if !a.steers() {
			continue
		}
		require.Nil(t, cmd, a.Help().Key)
		require.Contains(t, m.toast.text, "read-only, since this token is a viewer's", a.Help().Key)
		require.NotContains(t, footerKeys(m), " "+a.Help().Key+" ")
	}
	for _, k := range live.Kinds() {
		m := console(viewer, 120, 40, Options{})
		if k.Changes {
			require.Nil(t, m.order(k.Example), k.Do)
		}
	}
	m.Update(frameMsg{at: canned.Epoch, snap: attachedTo(nil)})
	require.NotContains(t, plain(m), "READ-ONLY", "an operator's again")
	require.Contains(t, footerKeys(m), " t RR/RL ")
}

func footerKeys(m *Model) string {
	m.toast = toast{}
	return ansi.Strip(m.footer(200))
}

// What is not there says so, as in front of one's own servers.
func TestKeysThatMakeNoSenseThere(t *testing.T) {
	for k, want := range map[string]string{"s": "is not simulated", "f": "is not simulated", "K": "is not simulated", "+": "traffic comes from elsewhere", "L": "traffic comes from elsewhere"} {
		m := console(attachedTo(nil), 120, 40, Options{})
		m.Update(press(k))
		require.Contains(t, m.toast.text, want, k)
	}
	m := console(attachedTo(nil), 120, 40, Options{})
	m.snap.Load.Enabled = true // another console's engine
	_, cmd := m.Update(press("ctrl+z"))
	require.Equal(t, tea.SuspendMsg{}, cmd())
	require.Empty(t, m.engine.(*canned.Engine).Orders(), "the load of others does not rest with this console")
	m.Update(press("?"))
	require.Contains(t, plain(m), "quit the console; the balancer runs on")
}

func TestBalancers(t *testing.T) {
	for _, size := range [][2]int{{40, 10}, {80, 24}, {120, 40}} {
		m := console(attachedTo(nil), size[0], size[1], Options{})
		m.Update(press("b"))
		wellFormed(t, m)
		require.Contains(t, plain(m), "BALANCER")
		if size[0] < 80 {
			continue
		}
		for _, word := range []string{"2 balancers", "127.0.0.1:9090", "no picture", "all together", "1 of 2", "of all requests:"} {
			require.Contains(t, plain(m), word)
		}
		m.Update(press("j"))
		_, cmd := m.Update(press("enter"))
		run(m, cmd)
		require.Equal(t, []live.Command{live.Watch{Balancer: "http://127.0.0.1:9091"}}, m.engine.(*canned.Engine).Orders())
		require.Contains(t, m.toast.text, "showing http://127.0.0.1:9091")
	}
	m := console(attachedTo(nil), 120, 40, Options{ReadOnly: true})
	commanded(t, m, "balancer 9091")
	require.Len(t, m.engine.(*canned.Engine).Orders(), 1, "to look at another changes nothing")
	m = console(canned.Snapshot(3), 120, 40, Options{})
	m.Update(press("b"))
	require.True(t, strings.HasPrefix(m.toast.text, "this console has an engine of its own"))
}
