package tui

import (
	"fmt"
	"math"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
)

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
			golden.RequireEqual(t, asked(canned.Predicted("done"), size.w, size.h, Options{}))
		})
	}
	t.Run("by p99", func(t *testing.T) {
		golden.RequireEqual(t, asked(canned.Predicted("done"), 80, 24, Options{Symbols: "ascii"}, "o"))
	})
	t.Run("scrolled", func(t *testing.T) { golden.RequireEqual(t, asked(canned.Predicted("done"), 40, 10, Options{}, "G")) })
	t.Run("running", func(t *testing.T) { golden.RequireEqual(t, asked(canned.Predicted("running"), 80, 24, Options{})) })
	t.Run("noise", func(t *testing.T) {
		m := console(canned.Predicted("done"), 80, 24, Options{})
		m.Update(press("w"))
		golden.RequireEqual(t, strings.Join(m.onTop(), "\n"))
	})
	failed := canned.Snapshot(3)
	failed.WhatIf = &live.WhatIf{State: "failed", Problem: "what if: no requests came in the last five seconds, so there is nothing to predict from"}
	t.Run("failed", func(t *testing.T) { golden.RequireEqual(t, asked(failed, 80, 24, Options{})) })
}

func TestWhatIfDialog(t *testing.T) {
	m, asked := typed(t, canned.Predicted("done"), "w")
	require.Equal(t, []live.Command{live.AskWhatIf{}}, asked)
	require.Contains(t, plain(m), "-29 to -23%")
	e := m.engine.(*canned.Engine)
	for _, k := range []string{"o", "j", "G", "k", "g", "ctrl+d", "ctrl+u", "x"} {
		m.Update(press(k))
		wellFormed(t, m)
	}
	require.Len(t, e.Orders(), 1)
	_, cmd := m.Update(press("w"))
	run(m, cmd)
	require.Len(t, e.Orders(), 2, "w asks again")

	m.Update(frameMsg{at: canned.Epoch, snap: canned.Predicted("running")})
	require.Contains(t, plain(m), "3 of 9 policies")
	_, cmd = m.Update(press("w"))
	run(m, cmd)
	require.Len(t, e.Orders(), 2, "one at a time")
	m.Update(press("esc"))
	require.Nil(t, m.top())

	require.False(t, commanded(t, m, "whatif"))
	require.Equal(t, live.AskWhatIf{}, e.Orders()[2])
	require.IsType(t, &dialog.WhatIf{}, m.top())
	m.Update(press("q"))
	require.Nil(t, m.top())
}

func TestGoldenLookBack(t *testing.T) {
	for _, size := range []struct{ w, h int }{{80, 24}, {120, 40}, {200, 60}, {60, 15}} {
		for _, what := range []struct {
			name  string
			state live.WhatIfState
			grade string
		}{{"known", "done", ""}, {"fitted", "done", "B"}, {"not understood", "done", "C"}, {"running", "running", ""}} {
			t.Run(fmt.Sprintf("%s at %dx%d", what.name, size.w, size.h), func(t *testing.T) {
				m := console(canned.LookedBack(what.state, what.grade), size.w, size.h, Options{})
				for _, k := range []string{"W", "j", "j"} {
					m.Update(press(k))
					wellFormed(t, m)
				}
				golden.RequireEqual(t, ansi.Strip(m.View().Content))
			})
		}
	}
}

// What a look back says is acted on.
func TestLookBackLetsAPolicyRoute(t *testing.T) {
	m, got := typed(t, canned.LookedBack("done", ""), "W", "j", "enter")
	require.Equal(t, []live.Command{live.AskLookBack{}, live.SetPolicy{Name: "least_request"}}, got)
	require.Nil(t, m.top())
	require.Contains(t, plain(m), "least_request routes now")
	m = console(canned.LookedBack("done", ""), 80, 24, Options{ReadOnly: true})
	m.Update(press("W"))
	_, cmd := m.Update(press("enter"))
	require.Nil(t, cmd)
	require.Contains(t, plain(m), "read-only: letting q_factored route")
	require.NotNil(t, m.top(), "it stays open")
	require.False(t, commanded(t, console(canned.Snapshot(3), 80, 24, Options{}), "back"))
}

// A frozen view still shows what was asked for.
func TestWhatIfWhileFrozen(t *testing.T) {
	m := console(canned.Snapshot(3), 80, 24, Options{ReadOnly: true})
	m.Update(press("space"))
	m.Update(press("w"))
	require.Contains(t, plain(m), "asking")
	m.Update(frameMsg{at: canned.Epoch, snap: canned.Predicted("done")})
	require.Contains(t, plain(m), "q_factored")
}

func TestWhatIfOfNumbersThatAreNone(t *testing.T) {
	s := canned.Predicted("done")
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
