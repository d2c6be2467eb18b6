package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/engine/live"
	"slbtui/tui/canned"
	"slbtui/tui/orders"
	"slbtui/tui/pane"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

func TestEverySizeIsFilledExactly(t *testing.T) {
	for _, snap := range []*live.Snapshot{nil, canned.Snapshot(3), canned.Snapshot(12)} {
		m := console(snap, 0, 0, Options{})
		for w := 0; w <= 250; w += 1 + w/8 {
			for h := 0; h <= 80; h += 1 + h/12 {
				m.Update(tea.WindowSizeMsg{Width: w, Height: h})
				wellFormed(t, m)
			}
		}
	}
}

// allKeys are the keys of the key map and those of dialogs.
func allKeys() []string {
	keys := []string{"y", "n", "backspace", "r", "w", "6", "0", "m", "é", "日", "Q", "ctrl+p", "ctrl+n", "ctrl+w", "ctrl+k", "f5", "delete"}
	for _, a := range New(&canned.Engine{}, Options{}).actions {
		keys = append(keys, a.Keys()...)
	}
	return keys
}

// No size, no key, no mouse and no snapshot may break the frame, whatever is open.
func TestRandomUse(t *testing.T) {
	snaps := []*live.Snapshot{nil, {}, {Seq: 1, State: "running"}, canned.Snapshot(1), canned.Snapshot(3), canned.Snapshot(12), canned.Snapshot(100), canned.Broken(),
		canned.Predicted("done"), canned.LookedBack("done", "B"), canned.LookedBack("running", "")}
	keys := allKeys()
	rapid.Check(t, func(t *rapid.T) {
		begin := rapid.SampledFrom(parts).Draw(t, "begin")
		m := New(&canned.Engine{}, Options{
			Symbols: rapid.SampledFrom(theme.Symbols()).Draw(t, "symbols"), Order: rapid.SampledFrom(pane.Orders()).Draw(t, "order"),
			Hidden: strings.Join(rapid.SliceOf(rapid.SampledFrom(words.Panes())).Draw(t, "hidden"), " "), NoMotion: rapid.Bool().Draw(t, "still"),
		})
		wellFormed(t, m)
		resize := func() {
			m.Update(tea.WindowSizeMsg{Width: rapid.IntRange(0, 250).Draw(t, "w"), Height: rapid.IntRange(0, 80).Draw(t, "h")})
		}
		resize()
		now := canned.Epoch
		show := func(s *live.Snapshot) {
			now = now.Add(time.Duration(rapid.IntRange(1, 8).Draw(t, "eighths")) * time.Second / 8)
			m.Update(frameMsg{at: now, snap: s})
		}
		show(begin.snapshot())
		for _, k := range strings.Fields(begin.keys) {
			m.Update(press(k))
		}
		wellFormed(t, m)
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0:
				resize()
			case 1, 2:
				show(rapid.SampledFrom(snaps).Draw(t, "snapshot"))
			case 3:
				if name := rapid.SampledFrom(words.Panes()).Draw(t, "pane"); rapid.Bool().Draw(t, "hide") {
					m.hide(name)
				} else {
					m.show(name)
				}
				m.Update(orders.Ack{Cmd: live.ToggleRL{}, Err: fmt.Errorf("no")})
			case 4:
				x, y := rapid.IntRange(-1, 250).Draw(t, "x"), rapid.IntRange(-1, 80).Draw(t, "y")
				m.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
				m.Update(tea.MouseMotionMsg{X: y, Y: x, Button: tea.MouseLeft})
				m.Update(tea.MouseReleaseMsg{X: x, Y: y, Button: tea.MouseLeft})
				m.Update(tea.MouseWheelMsg{X: x, Y: y, Button: rapid.SampledFrom([]tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown, tea.MouseWheelLeft}).Draw(t, "wheel")})
			case 5:
				m.Update(tea.PasteMsg{Content: rapid.SampledFrom([]string{"12\n\x1b[31m", "slow s1 5x", "\t日本", strings.Repeat("long ", 99)}).Draw(t, "paste")})
			default:
				_, cmd := m.Update(press(rapid.SampledFrom(keys).Draw(t, "key")))
				run(m, cmd)
			}
			wellFormed(t, m)
		}
	})
}

func TestPanesTileTheScreen(t *testing.T) {
	for i := range 16 {
		zoomed, scenario, tour, focus := i%2 == 1, i%4 >= 2, i%8 >= 4, []paneID{paneLatency, paneFlow}[i/8]
		for w := minW; w <= 250; w += 7 {
			for h := minH; h <= 80; h++ {
				l := arrange(extent{w: w, h: h, focus: focus, zoomed: zoomed, servers: 5, replicas: 3 * (i % 2), scenario: scenario, tour: tour})
				area := l.header.w*l.header.h + l.timeline.w*l.timeline.h + l.tabs.w*l.tabs.h + l.tour.w*l.tour.h + l.footer.w*l.footer.h
				for _, r := range l.panes {
					area += r.w * r.h
					if r.w > 0 {
						require.Greater(t, r.h, 2, "%dx%d", w, h)
					}
				}
				require.Equal(t, w*h, area, "%dx%d", w, h)
			}
		}
	}
}

// Whatever is hidden, the other panes share all of the screen, none smaller than before.
func TestShownPanesTileTheScreen(t *testing.T) {
	for bits := 1; bits < 1<<panes; bits++ {
		var hidden paneSet
		focus := paneID(-1)
		for id := range panes {
			if hidden[id] = bits&(1<<id) == 0; !hidden[id] {
				focus = id
			}
		}
		for w := fullW; w <= 250; w += 17 {
			for h := fullH; h <= 80; h += 5 {
				all := extent{w: w, h: h, focus: focus, servers: 5, replicas: 3}
				some := all
				some.hidden = hidden
				before, l := arrange(all), arrange(some)
				area := 0
				for id, r := range l.panes {
					require.False(t, hidden[id] && r.w > 0, "hidden")
					area += r.w * r.h
					if r.w > 0 && before.panes[id].w > 0 && hidden[paneFlow] == (before.panes[paneFlow].w == 0) {
						require.GreaterOrEqual(t, r.w, before.panes[id].w-1, "%dx%d", w, h)
						require.GreaterOrEqual(t, r.h, before.panes[id].h-1, "%dx%d", w, h)
					}
				}
				require.Equal(t, w*(h-2), area, "%dx%d %s", w, h, hidden.names())
			}
		}
	}
}
