package tui

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
)

// predicted is snapshot(3) with a what-if of the given state, all policies done unless it runs.
func predicted(state string) *live.Snapshot {
	s := snapshot(3)
	w := &live.WhatIf{
		State: state, At: 80 * time.Second, Took: 400 * time.Millisecond, Policy: "q_learning", Rate: 50,
		Faults: []string{"server1 slow x5, 15s left"},
	}
	w.WhatIfExtent = live.WhatIfExtent{Warmup: 10 * time.Second, Horizon: time.Minute, Runs: 5}
	w.Lasting, w.Total = 15*time.Second, 9
	add := func(name string, start live.WhatIfStart, mean, p99, errors float64) {
		w.Rows = append(w.Rows, live.WhatIfRow{
			Policy: name, Start: start, Reference: name == "social_clairvoyant",
			WhatIfOutcome: live.WhatIfOutcome{MeanMS: mean, P99MS: p99, ErrorRate: errors}, Now: live.WhatIfOutcome{MeanMS: 1.1 * mean, P99MS: 1.2 * p99, ErrorRate: errors},
		})
	}
	add("round_robin", live.StartPlain, 388, 1220, 0)
	add("weighted_round_robin", live.StartPlain, 2388, 11220, 0.004)
	add("least_request", live.StartPlain, 71, 171, 0)
	add("peak_ewma", live.StartPlain, 48, 190, 0.25)
	if state == "running" {
		w.Rows = w.Rows[:3]
		s.WhatIf = w
		return s
	}
	add("prequal", live.StartPlain, 0, 0, 1)
	add("q_learning", live.StartCopied, 84, 260, 0)
	add("expected_sarsa", live.StartEmpty, 83, 265, 0)
	add("q_factored", live.StartCopied, 62, 280, 0.002)
	add("social_clairvoyant", live.StartPlain, 60, 148, 0)
	s.WhatIf = w
	return s
}

func TestGoldenWhatIf(t *testing.T) {
	asked := func(s *live.Snapshot, w, h int, o Options, keys ...string) string {
		m := console(s, w, h, o)
		for _, k := range append([]string{"w"}, keys...) {
			m.Update(press(k))
			wellFormed(t, m)
		}
		return ansi.Strip(m.View().Content)
	}
	for _, size := range []struct{ w, h int }{{80, 24}, {120, 40}, {200, 60}, {40, 10}} {
		t.Run(fmt.Sprintf("%dx%d", size.w, size.h), func(t *testing.T) {
			golden.RequireEqual(t, asked(predicted("done"), size.w, size.h, Options{}))
		})
	}
	t.Run("by p99", func(t *testing.T) {
		golden.RequireEqual(t, asked(predicted("done"), 80, 24, Options{Symbols: "ascii"}, "o"))
	})
	t.Run("scrolled", func(t *testing.T) { golden.RequireEqual(t, asked(predicted("done"), 40, 10, Options{}, "G")) })
	t.Run("running", func(t *testing.T) { golden.RequireEqual(t, asked(predicted("running"), 80, 24, Options{})) })
	failed := snapshot(3)
	failed.WhatIf = &live.WhatIf{State: "failed", Problem: "what if: no requests came in the last five seconds, so there is nothing to predict from"}
	t.Run("failed", func(t *testing.T) { golden.RequireEqual(t, asked(failed, 80, 24, Options{})) })
}

func order(f forecast) string {
	var names []string
	for i := range f.rows {
		names = append(names, f.rows[i].Policy)
	}
	return strings.Join(names, " ")
}

func TestForecastOrder(t *testing.T) {
	w := predicted("done").WhatIf
	require.Equal(t, "q_factored least_request expected_sarsa q_learning round_robin weighted_round_robin peak_ewma prequal social_clairvoyant", order(newForecast(w, false)),
		"who fails comes after who does not, however fast; the reference is last")
	require.Equal(t, "least_request q_learning expected_sarsa q_factored round_robin weighted_round_robin peak_ewma prequal social_clairvoyant", order(newForecast(w, true)))
	require.Equal(t, "round_robin", w.Rows[0].Policy, "the snapshot stays as it is")

	f := newForecast(w, false)
	var against []string
	for i := range f.rows {
		against = append(against, f.against(i))
	}
	require.Equal(t, []string{"best", "+15%", "+34%", "+35%", "x6.3", "x39", "-23%", "", "-3%"}, against)
}

func TestRealityBesideTheForecast(t *testing.T) {
	s := predicted("done")
	f := newForecast(s.WhatIf, false)
	real := f.realities(s)
	require.Len(t, real, 2)
	require.Equal(t, "mean 9% below", f.off(&real[0], "q_learning"))
	require.Equal(t, "live, last 43s", real[1].when)
	require.Equal(t, "other situation", f.off(&real[1], "q_learning"), "a phase in which faults came and went is no comparison")
	real[0].MeanMS = 1.1 * 84
	require.Equal(t, "mean as predicted", f.off(&real[0], "q_learning"))
	f.byP99 = true
	require.Equal(t, "p99 4% below", f.off(&real[0], "q_learning"))
	require.Equal(t, "p99 47% above", f.off(&real[0], "least_request"))
	require.Empty(t, f.off(&real[0], "prequal"))
	require.Empty(t, f.off(&real[0], "nobody"))

	for i := range s.Servers {
		s.Servers[i].Fault = live.Fault{}
	}
	s.Events = nil
	require.Equal(t, "p99 4% below", f.off(&f.realities(s)[1], "q_learning"))
	s.At += f.Lasting
	require.Equal(t, "other situation", f.off(&f.realities(s)[0], "q_learning"), "the fault has ended")
	s.At -= f.Lasting
	s.Events = []live.Event{{At: f.At + 1, Kind: "load"}}
	require.Equal(t, "other situation", f.off(&f.realities(s)[0], "q_learning"))
	s.Load.Lagging = true
	require.Contains(t, strings.Join(f.situation(s.At, true), " "), "lags")
}

func TestWhatIfDialog(t *testing.T) {
	m, asked := typed(t, predicted("done"), "w")
	require.Equal(t, []live.Command{live.AskWhatIf{}}, asked)
	require.Contains(t, plain(m), "best")
	e := m.engine.(*fake)
	for _, k := range []string{"o", "j", "G", "k", "g", "ctrl+d", "ctrl+u", "x"} {
		m.Update(press(k))
		wellFormed(t, m)
	}
	require.Len(t, e.orders(), 1)
	_, cmd := m.Update(press("w"))
	run(m, cmd)
	require.Len(t, e.orders(), 2, "w asks again")

	m.Update(frameMsg{at: epoch, snap: predicted("running")})
	require.Contains(t, plain(m), "3 of 9 policies")
	_, cmd = m.Update(press("w"))
	run(m, cmd)
	require.Len(t, e.orders(), 2, "one at a time")
	m.Update(press("esc"))
	require.Nil(t, m.dialog())

	require.False(t, commanded(t, m, "whatif"))
	require.Equal(t, live.AskWhatIf{}, e.orders()[2])
	require.IsType(t, &whatIf{}, m.dialog())
	m.Update(press("q"))
	require.Nil(t, m.dialog())
}

// A frozen view still shows what was asked for.
func TestWhatIfWhileFrozen(t *testing.T) {
	m := console(snapshot(3), 80, 24, Options{ReadOnly: true})
	m.Update(press("space"))
	m.Update(press("w"))
	require.Contains(t, plain(m), "asking")
	m.Update(frameMsg{at: epoch, snap: predicted("done")})
	require.Contains(t, plain(m), "q_factored")
}

func TestWhatIfOfNumbersThatAreNone(t *testing.T) {
	s := predicted("done")
	s.WhatIf.Rows[0].MeanMS, s.WhatIf.Rows[1].P99MS, s.WhatIf.Rows[2].ErrorRate = math.NaN(), math.Inf(1), math.NaN()
	s.WhatIf.Rows[3].MeanMS, s.WhatIf.Rows[4].Policy = -1, "日本\x1b[31m\n"
	s.WhatIf.Rate, s.WhatIf.Lasting, s.WhatIf.Total = math.NaN(), -1, 2
	s.WhatIf.Assumed = []string{strings.Repeat("long ", 99) + "\x1b[2J"}
	m := console(s, 80, 24, Options{})
	m.Update(press("w"))
	for w := 0; w <= 200; w += 1 + w/8 {
		for h := 0; h <= 60; h += 1 + h/12 {
			m.Update(tea.WindowSizeMsg{Width: w, Height: h})
			wellFormed(t, m)
		}
	}
}

func TestWhatIfInWords(t *testing.T) {
	said := func(s *live.Snapshot) string {
		return strings.Join(console(s, 80, 24, Options{}).whatIfInWords(), "\n")
	}
	require.Contains(t, said(predicted("done")), "q_factored: mean 62ms, p99 280ms, errors 0.2%, best\n")
	require.Contains(t, said(predicted("running")), "3 of 9")
	require.Contains(t, said(snapshot(3)), "whatif asks")
}
