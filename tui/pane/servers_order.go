package pane

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/words"
)

// sorder is the order in which servers stand.
type sorder int

const (
	asNeeded sorder = iota // as configured; many of them worst first
	byShare
	byP95
	byErrors
	byQueue
	byID
	sorders
)

// few servers can be seen at a glance, whatever their order.
const few = 20

var sorderNames = [sorders]string{"as needed", "share", "p95", "errors", "queue", "id"}

// Orders are the orders in which servers can stand, the default first.
func Orders() []string { return sorderNames[:] }

// word is how n servers are sorted, "" for as they were configured.
func (o sorder) word(n int) string {
	switch {
	case o != asNeeded:
		return "by " + sorderNames[o]
	case n > few:
		return "worst first"
	}
	return ""
}

// said is word, or what stands for it.
func (o sorder) said(n int) string {
	if word := o.word(n); word != "" {
		return word
	}
	return "as configured"
}

// sorting is all that an order depends on: it is worked out anew once a second, so that rows can be read.
type sorting struct {
	order sorder
	last  time.Duration
	n     int
}

// sorted are the indices of all servers, in order.
func (p *Servers) sorted(s *box.Sight) []int {
	key := sorting{order: p.order, last: lastSecond(s), n: len(s.Snap.Servers)}
	return p.arranged.Of(key, func() []int { return p.order.sort(s.Snap.Servers) })
}

// lastSecond is the end of the last closed second.
func lastSecond(s *box.Sight) time.Duration {
	if n := len(s.Snap.Seconds); n > 0 {
		return s.Snap.Seconds[n-1].At
	}
	return 0
}

func (o sorder) sort(list []live.Server) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	less := o.compare(len(list))
	if less != nil {
		slices.SortStableFunc(order, func(a, b int) int { return less(&list[a], &list[b]) })
	}
	return order
}

// compare tells which of two servers stands before the other, nil where they stand as configured.
func (o sorder) compare(n int) func(a, b *live.Server) int {
	switch {
	case o == byShare:
		return func(a, b *live.Server) int { return cmp.Compare(b.Share, a.Share) }
	case o == byP95:
		return func(a, b *live.Server) int { return cmp.Compare(b.Window.P95MS, a.Window.P95MS) }
	case o == byErrors:
		return func(a, b *live.Server) int { return cmp.Compare(words.FailedOf(b), words.FailedOf(a)) }
	case o == byQueue:
		return func(a, b *live.Server) int {
			return cmp.Or(cmp.Compare(b.Queued, a.Queued), cmp.Compare(b.InFlight, a.InFlight))
		}
	case o == byID:
		return func(a, b *live.Server) int { return naturally(a.ID, b.ID) }
	case n > few:
		return worse
	}
	return nil
}

// bySeverity are the states of a server, worst first.
var bySeverity = []live.ServerState{live.ServerDown, live.ServerEjected, live.ServerSlow, live.ServerDraining, live.ServerOK}

// severity is how bad a state is, least for the worst; one that is not known is worst.
func severity(state live.ServerState) int { return slices.Index(bySeverity, state) }

// statesOf are the states that servers have, worst first.
func statesOf(list []live.Server) []live.ServerState {
	var states []live.ServerState
	for i := range list {
		if !slices.Contains(states, list[i].State) {
			states = append(states, list[i].State)
		}
	}
	slices.SortStableFunc(states, func(a, b live.ServerState) int { return cmp.Compare(severity(a), severity(b)) })
	return states
}

// worse tells which of two servers needs a look more. Those that are well are equal, however fast.
func worse(a, b *live.Server) int {
	if c := cmp.Compare(severity(a.State), severity(b.State)); c != 0 {
		return c
	}
	if c := cmp.Compare(words.FailedOf(b), words.FailedOf(a)); c != 0 || a.State == live.ServerOK {
		return c
	}
	return cmp.Compare(b.Window.P95MS, a.Window.P95MS)
}

// naturally compares ids as people do: s2 comes before s10.
func naturally(a, b string) int {
	digits := func(s string) string { return s[:len(s)-len(strings.TrimLeftFunc(s, unicode.IsDigit))] }
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x != "" && y != "" {
			p, q := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if c := cmp.Or(cmp.Compare(len(p), len(q)), cmp.Compare(p, q)); c != 0 {
				return c
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}
