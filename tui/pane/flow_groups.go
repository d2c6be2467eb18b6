package pane

import (
	"cmp"
	"slices"
	"time"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/flow"
)

// grouping is all that the choice of those that stand alone depends on: it is made anew once a second, so
// that lines do not jump.
type grouping struct {
	last     time.Duration
	n, rows  int
	selected string
}

// grouped are more servers than rows: the selected one, the sick and the busiest stand alone as far as there
// is room, the others together by their state.
func (p *Flow) grouped(s *box.Sight, rows int) []flow.Branch {
	key := grouping{last: lastSecond(s), n: len(s.Snap.Servers), rows: rows, selected: s.Server}
	alone := p.alone.Of(key, func() []int { return standAlone(s, rows) })
	var out []flow.Branch
	kinds, kindOf := kinds(s.Snap.Servers, rows)
	for _, kind := range kinds {
		var together []int
		for i := range s.Snap.Servers {
			if kindOf(s.Snap.Servers[i].State) != kind {
				continue
			}
			if slices.Contains(alone, i) {
				out = append(out, branch(s, i))
			} else {
				together = append(together, i)
			}
		}
		if len(together) > 0 {
			out = append(out, group(s, kind, together))
		}
	}
	return out
}

// ailing stands for all states but one, where there is no room for a line of each.
const ailing live.ServerState = "not ok"

// kinds are what servers are grouped by, worst first: their states, or whether they are well.
func kinds(list []live.Server, rows int) ([]live.ServerState, func(live.ServerState) live.ServerState) {
	states := statesOf(list)
	if len(states) <= rows {
		return states, func(s live.ServerState) live.ServerState { return s }
	}
	return []live.ServerState{ailing, live.ServerOK}, func(s live.ServerState) live.ServerState {
		if s == live.ServerOK {
			return s
		}
		return ailing
	}
}

// standAlone are the servers for which there is a row left when each state has one.
func standAlone(s *box.Sight, rows int) []int {
	list := s.Snap.Servers
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	kinds, kindOf := kinds(list, rows)
	slices.SortStableFunc(order, func(a, b int) int {
		if c := cmp.Compare(selectedFirst(s, a), selectedFirst(s, b)); c != 0 {
			return c
		}
		if c := worse(&list[a], &list[b]); c != 0 {
			return c
		}
		return cmp.Compare(list[b].Share, list[a].Share)
	})
	left := map[live.ServerState]int{}
	for i := range list {
		left[kindOf(list[i].State)]++
	}
	used := len(kinds) // lines: of groups, and of those that stand alone
	for n, i := range order {
		kind := kindOf(list[i].State)
		if left[kind]--; left[kind] > 0 { // otherwise it has the line of its group
			used++
		}
		if used > rows {
			return order[:n]
		}
	}
	return order
}

func selectedFirst(s *box.Sight, i int) int {
	if s.Snap.Servers[i].ID == s.Server {
		return 0
	}
	return 1
}
