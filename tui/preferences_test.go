package tui

import (
	"errors"
	"image/color"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"

	"slbtui/tui/canned"
)

// memory keeps preferences and counts how often they are saved.
type memory struct {
	kept  map[string]string
	saves int
	err   error
}

func (k *memory) Keep(name, value string) { k.kept[name] = value }

func (k *memory) Save() error {
	k.saves++
	return k.err
}

// What the user changes of the looks is kept, what a flag or the terminal chose is not.
func TestChangesAreKept(t *testing.T) {
	for keys, want := range map[string][2]string{
		"[": {"window", "30s"}, "]": {"window", "2m"}, "v": {"table", "heat map"}, "o": {"order", "share"}, "3 o": {"sort", "value"},
	} {
		k := &memory{kept: map[string]string{}}
		m := console(canned.Snapshot(3), 120, 40, Options{Keeper: k, Theme: "light"})
		var cmd tea.Cmd
		for key := range strings.FieldsSeq(keys) {
			_, cmd = m.Update(press(key))
		}
		require.Zero(t, k.saves, "Update does no I/O")
		run(m, cmd)
		require.Equal(t, 1, k.saves)
		require.Equal(t, map[string]string{want[0]: want[1]}, k.kept)
	}
	for line, want := range map[string][2]string{
		"theme contrast": {"theme", "contrast"}, "symbols as": {"symbols", "ascii"}, "mouse off": {"mouse", "off"}, "mouse on": {"mouse", "on"},
		"motion off": {"motion", "off"}, "hide 5": {"hide", "events"}, "hide lat": {"hide", "latency"}, "show": {"hide", ""},
	} {
		k := &memory{kept: map[string]string{}}
		m := console(canned.Snapshot(3), 120, 40, Options{Keeper: k})
		commanded(t, m, line)
		require.Equal(t, map[string]string{want[0]: want[1]}, k.kept)
		require.Equal(t, 1, k.saves)
	}
}

func TestASaveThatFailsIsSaid(t *testing.T) {
	k := &memory{kept: map[string]string{}, err: errors.New("disk full")}
	m := console(canned.Snapshot(3), 120, 40, Options{Keeper: k})
	_, cmd := m.Update(press("]"))
	run(m, cmd)
	require.Equal(t, "disk full", m.toast.text)
	require.True(t, m.toast.bad)
}

// A console that starts with what another one kept looks like it.
func TestEveryPreferenceComesBack(t *testing.T) {
	k := &memory{kept: map[string]string{}}
	first := console(canned.Snapshot(3), 120, 40, Options{Keeper: k})
	for _, key := range []string{"]", "]", "v", "o", "o", "3", "o", "o", "2", "v", "1"} {
		_, cmd := first.Update(press(key))
		run(first, cmd)
	}
	for _, line := range []string{"theme colourblind", "symbols block", "mouse off", "motion off", "hide 5", "hide 6", "tour"} {
		commanded(t, first, line)
	}
	require.Len(t, k.kept, len(Preferences()))
	for _, p := range Preferences() {
		require.True(t, p.Allows(k.kept[p.Name]), p.Name)
	}
	second := console(canned.Snapshot(3), 120, 40, Options{
		Theme: k.kept["theme"], Symbols: k.kept["symbols"], NoMouse: k.kept["mouse"] == "off",
		Window: k.kept["window"], Chart: k.kept["chart"], Tour: k.kept["tour"] == "on", Table: k.kept["table"], Sort: k.kept["sort"],
		Order: k.kept["order"], NoMotion: k.kept["motion"] == "off", Hidden: k.kept["hide"],
	})
	first.Update(frameMsg{at: canned.Epoch.Add(time.Minute), snap: first.snap})
	require.Equal(t, second.View(), first.View())

	odd := console(canned.Snapshot(3), 120, 40, Options{Window: "1h", Chart: "pie", Table: "pie", Sort: "colour"})
	require.Equal(t, console(canned.Snapshot(3), 120, 40, Options{}).View(), odd.View(), "a name that there is not is the default")
}

// The theme chosen stays, whatever the terminal says of its background afterwards.
func TestAChosenThemeIsNotOverruled(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	commanded(t, m, "theme contrast")
	m.Update(tea.BackgroundColorMsg{Color: color.White})
	require.Equal(t, "contrast", m.theme.Name)
}

func TestNoticeIsSaidOnceAndLonger(t *testing.T) {
	m := console(canned.Snapshot(3), 80, 24, Options{Notices: []string{"preferences.yaml:1: no good"}})
	require.Contains(t, plain(m), "preferences.yaml:1: no good")
	m.Update(frameMsg{at: canned.Epoch.Add(noticeFor - time.Second), snap: m.snap})
	require.Contains(t, plain(m), "preferences.yaml:1: no good")
	m.Update(frameMsg{at: canned.Epoch.Add(noticeFor), snap: m.snap})
	require.NotContains(t, plain(m), "preferences.yaml:1")
}
