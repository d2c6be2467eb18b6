package tui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

// learnt is a run of n servers whose joint table has so many rows.
func learnt(n, rows int) *live.Snapshot {
	s := canned.Snapshot(n)
	t := &s.Learners[0].Table
	t.Rows, t.States = nil, 20_000
	for r := range rows {
		label := "("
		for i := range n {
			if i > 0 {
				label += ", "
			}
			label += canned.LevelNames[(r/(1+i%9)+i)%3]
		}
		t.Rows = append(t.Rows, canned.TableRow(r, label+")", n, uint64(1+(r*7919)%5000)))
	}
	return s
}

// BenchmarkQTable is what drawing the screen costs with a table of 20,000 visited states: the
// 300 rows that an engine shows of it, and, for an engine that shows all, every one.
func BenchmarkQTable(b *testing.B) {
	for _, size := range []struct{ servers, rows int }{{12, 300}, {100, 300}, {12, 20_000}} {
		for view := range qviews - 1 { // a joint table has no policy map
			for order := range qorders {
				b.Run(fmt.Sprintf("%dservers/%drows/%s/%s", size.servers, size.rows, qviewNames[view], order.word("joint")), func(b *testing.B) {
					first := learnt(size.servers, size.rows)
					second := *first
					snaps := []*live.Snapshot{first, &second}
					m := console(first, 200, 60, Options{})
					m.focus, m.qview, m.qorder = paneQTable, view, order
					b.ReportAllocs()
					i := 0
					for b.Loop() {
						i++
						m.Update(frameMsg{at: canned.Epoch, snap: snaps[i%2]})
						m.Update(tea.KeyPressMsg{Code: tea.KeyDown})
						_ = m.View()
					}
				})
			}
		}
	}
}
