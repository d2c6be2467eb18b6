package tui

import (
	"fmt"
	"testing"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/canned"
	"slbtui/tui/pane"
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
		for _, table := range pane.Tables()[:2] { // a joint table has no policy map
			for _, sort := range pane.Sorts() {
				b.Run(fmt.Sprintf("%dservers/%drows/%s/by %s", size.servers, size.rows, table, sort), func(b *testing.B) {
					first := learnt(size.servers, size.rows)
					second := *first
					snaps := []*live.Snapshot{first, &second}
					m := console(first, 200, 60, Options{Table: table, Sort: sort})
					m.focus = paneQTable
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
