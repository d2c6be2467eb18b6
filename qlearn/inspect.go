package qlearn

import (
	"cmp"
	"slices"
	"strings"
)

// Stats sums up the agent's state.
func (a *Agent) Stats() Stats {
	return Stats{
		States:   len(a.rows),
		Episodes: a.episodes,
		Updates:  a.updates,
		Epsilon:  a.epsilon,
		Explored: a.explored.mean,
		DeltaQ:   a.deltaQ.mean,
		Reward:   a.reward.mean,
	}
}

// Table copies the limit most visited rows, most visits first; all of them when limit is not above 0.
func (a *Agent) Table(limit int) Table {
	t := Table{Kind: "joint", States: len(a.rows), Updates: a.updates, LastRow: a.latest, LastServer: a.lastServer}
	for _, i := range a.busiest(limit) {
		r := a.rows[i]
		t.Rows = append(t.Rows, Row{
			ID:     i,
			Label:  label(r.state),
			Q:      slices.Clone(r.q),
			Visits: slices.Clone(r.visits),
			Best:   r.best(),
			Used:   a.used[i],
		})
	}
	return t
}

// busiest returns the most visited rows in order. The table may have a hundred thousand rows and
// be looked at ten times a second, so unless all are wanted they are not all sorted: of the
// limit best so far the last is soon so busy that most rows fall at the first comparison.
func (a *Agent) busiest(limit int) []int {
	order := func(i, j int) int {
		return cmp.Or(cmp.Compare(a.visits[j], a.visits[i]), cmp.Compare(i, j))
	}
	if limit <= 0 || limit >= len(a.rows) {
		all := make([]int, len(a.rows))
		for i := range all {
			all[i] = i
		}
		slices.SortFunc(all, order)
		return all
	}
	top := make([]int, 0, limit+1)
	for i := range a.rows {
		if len(top) == limit && order(i, top[limit-1]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, i, order)
		top = slices.Insert(top, at, i)
		top = top[:min(limit, len(top))]
	}
	return top
}

// best returns the visited server with the highest Q, -1 when there is none.
func (r row) best() int {
	best := -1
	for i, n := range r.visits {
		if n > 0 && (best < 0 || r.q[i] > r.q[best]) {
			best = i
		}
	}
	return best
}

func label(state string) string {
	if state == overflowState {
		return "(any other)"
	}
	words := make([]string, len(state))
	for i := range words {
		words[i] = Level(state[i]).String()
	}
	return "(" + strings.Join(words, ", ") + ")"
}
