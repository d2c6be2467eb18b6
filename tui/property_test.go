package tui

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/qlearn"
)

func TestEverySizeIsFilledExactly(t *testing.T) {
	for _, snap := range []*live.Snapshot{nil, snapshot(3), snapshot(12)} {
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
	for _, a := range actions() {
		keys = append(keys, a.Keys()...)
	}
	return keys
}

// No size, no key, no mouse and no snapshot may break the frame, whatever is open.
func TestRandomUse(t *testing.T) {
	snaps := []*live.Snapshot{nil, {}, {Seq: 1, State: "running"}, snapshot(1), snapshot(3), snapshot(12), snapshot(100), broken()}
	keys := allKeys()
	rapid.Check(t, func(t *rapid.T) {
		begin := rapid.SampledFrom(parts).Draw(t, "begin")
		m := New(&fake{}, Options{Symbols: rapid.SampledFrom(symbolNames).Draw(t, "symbols")})
		wellFormed(t, m)
		resize := func() {
			m.Update(tea.WindowSizeMsg{Width: rapid.IntRange(0, 250).Draw(t, "w"), Height: rapid.IntRange(0, 80).Draw(t, "h")})
		}
		resize()
		now := epoch
		show := func(s *live.Snapshot) {
			now = now.Add(time.Second)
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
				m.Update(ackMsg{cmd: live.ToggleRL{}, err: fmt.Errorf("no")})
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

// broken is a snapshot full of what should never be there.
func broken() *live.Snapshot {
	s := snapshot(3)
	nan, inf := math.NaN(), math.Inf(1)
	s.Now = metrics.Summary{MeanMS: nan, P95MS: inf, SuccessRate: nan, Requests: 1}
	s.Load.Rate, s.Load.Served, s.Cost.CPU = nan, -inf, 1e300
	s.Servers[0].ID, s.Servers[0].State = "", "日本語の長い名前"
	s.Servers[1].Share, s.Servers[1].Utilisation, s.Servers[1].Window.P95MS = nan, inf, 1e300
	s.Servers[2].ID = "a\x1b[31m\nserver with a very long name and a line break"
	for i := range s.Seconds {
		s.Seconds[i].P50MS, s.Seconds[i].P95MS, s.Seconds[i].P99MS = nan, inf, -1e308
		s.Seconds[i].Servers = s.Seconds[i].Servers[:i%3]
	}
	l := &s.Learners[0]
	l.Table.Rows[0].Q[0], l.Table.Rows[1].Q, l.Table.Rows[2].Label = nan, nil, "\t(日本)\n"
	l.Table.LastServer, l.Table.States, l.Stats.DeltaQ = 99, -1, inf
	l.Params[0].Value, l.Params[1].Max, l.Params[1].Min = nan, inf, -inf
	for i := range l.Rewards {
		l.Rewards[i] = []float64{nan, inf, -inf, 1e308, -1e308}[i%5]
	}
	s.Phases[0].Summary.MeanMS = nan
	for i := range l.Decisions {
		d := &l.Decisions[i]
		d.Chosen, d.Routed = []int{0, 1, -1, 99}[i%4], 99-i*10
		d.State = "\t(日本)\n"
		d.Servers[0] = qlearn.Explanation{Level: -9, CellMS: inf, Speed: nan, SocialMS: -inf, ScoreMS: nan, Known: true, Available: i%2 == 0}
	}
	s.Scenario = &live.Scenario{Name: "\t(日本)\n", Elapsed: -time.Hour, Steps: []live.ScenarioStep{{At: -1, For: 1 << 62, What: "\n", State: "on"}, {State: "due"}, {}}}
	s.Versus = &metrics.Difference{From: 1, To: 2, Batches: 99, LowMS: nan, HighMS: inf}
	s.Regret = &live.Regret{Seconds: []float64{nan, inf, -1e308}, NowMS: nan, PhaseMS: inf}
	s.Events[6].Text, s.Events[5].At = "line\nbreak\x1b[2J and\ttab", -time.Hour
	return s
}

func TestPanesTileTheScreen(t *testing.T) {
	for i := range 4 {
		zoomed, scenario := i%2 == 1, i >= 2
		for w := minW; w <= 250; w += 7 {
			for h := minH; h <= 80; h++ {
				l := arrange(w, h, paneLatency, zoomed, 5, scenario)
				area := l.header.w*l.header.h + l.timeline.w*l.timeline.h + l.tabs.w*l.tabs.h + l.footer.w*l.footer.h
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
