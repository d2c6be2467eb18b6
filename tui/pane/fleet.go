package pane

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// Fleet is the pane of the balancers that serve the same clients. It is there where a balancer has replicas.
type Fleet struct {
	at    int // the one that has the cursor
	first int // line shown
}

// Title is that of the pane.
func (p *Fleet) Title(*box.Sight) string { return "Fleet" }

// Press moves the cursor, or goes into the replica at it.
func (p *Fleet) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	f := s.Snap.Fleet
	if f == nil || len(f.Replicas) == 0 {
		return box.Act{}
	}
	last := len(f.Replicas) - 1
	switch k.String() {
	case "j", "down":
		p.at = min(p.at+1, last)
	case "k", "up":
		p.at = max(p.at-1, 0)
	case "g", "home":
		p.at = 0
	case "G", "end":
		p.at = last
	case "enter":
		return enterReplica(s, f, &f.Replicas[min(p.at, last)])
	}
	return box.Act{}
}

func enterReplica(s *box.Sight, f *live.Fleet, r *live.Replica) box.Act {
	switch {
	case r.Name == f.Self:
		return box.Act{Say: "this is " + format.Printable(r.Name)}
	case !r.State.Serves():
		return box.Complain(format.Printable(r.Name) + " does not answer")
	case s.Latest.Link == nil:
		return box.Complain("slbtui attach shows other replicas")
	}
	return box.Act{Command: live.Watch{Balancer: r.Name}}
}

// Draw has a line for each replica.
func (p *Fleet) Draw(s *box.Sight, w, h int) (string, []string) {
	t, f := s.Theme, s.Snap.Fleet
	if f == nil {
		return "", []string{" " + t.Dim.On("this balancer has no replicas")}
	}
	aside := t.Good.On("orders hold for all")
	if !f.Connected {
		aside = t.Warn.On("orders given here hold here only")
	}
	table := fleetColumns(s, f, w-1)
	room := max(h-1, 1)
	p.at = min(p.at, max(len(f.Replicas)-1, 0))
	p.first = box.Visible(p.first, p.at, len(f.Replicas), room)
	out := []string{" " + t.Heading(table)}
	for i := p.first; i < min(p.first+room, len(f.Replicas)); i++ {
		lead := " "
		if i == p.at && s.Focused {
			lead = t.Title.On(t.Glyphs.Cursor)
		}
		out = append(out, lead+t.Row(table, i))
	}
	return aside, out
}

func fleetColumns(s *box.Sight, f *live.Fleet, w int) theme.Table {
	t, name, policy := s.Theme, 7, 6
	names := make([]string, len(f.Replicas))
	for i, r := range f.Replicas {
		names[i] = format.Printable(r.Name)
		name, policy = max(name, ansi.StringWidth(names[i])), max(policy, ansi.StringWidth(r.Policy))
	}
	name = min(name, max(w/4, 7))
	names = format.Apart(names, name, t.Glyphs.Ellipsis)
	// cell is a number of a replica, dim where it is of before.
	cell := func(of func(r *live.Replica) string) func(int) (theme.Ink, string) {
		return func(i int) (theme.Ink, string) {
			r := &f.Replicas[i]
			if !r.State.Serves() {
				return t.Dim, of(r)
			}
			return t.Plain, of(r)
		}
	}
	return theme.Choose([]theme.Column{
		{Title: "REPLICA", Width: name, Rank: 0, Cell: func(i int) (theme.Ink, string) {
			if f.Replicas[i].Name == f.Self {
				return t.Bold, names[i]
			}
			return t.Plain, names[i]
		}},
		{Title: "STATE", Width: 9, Rank: 1, Cell: func(i int) (theme.Ink, string) { return replicaState(t, &f.Replicas[i]) }},
		{Title: "POLICY", Width: min(policy, 18), Rank: 6, Cell: cell(func(r *live.Replica) string { return format.Printable(r.Policy) })},
		{Title: "RPS", Width: 6, Rank: 2, Numeric: true, Cell: cell(func(r *live.Replica) string { return format.Rate(r.Rate) })},
		{Title: "P95", Width: 6, Rank: 3, Numeric: true, Cell: cell(func(r *live.Replica) string { return format.MillisIn(r.P95MS, 6) })},
		{Title: "ERR", Width: 5, Rank: 7, Numeric: true, Cell: cell(func(r *live.Replica) string { return format.Percent1(r.Failed) })},
		{Title: "SHARE", Width: 5, Rank: 4, Numeric: true, Cell: cell(func(r *live.Replica) string { return format.Percent(r.Share) })},
		{Title: "LAG", Width: 5, Rank: 5, Cell: cell(lag)},
		{Title: "VERSION", Width: 12, Rank: 8, Cell: cell(func(r *live.Replica) string { return format.Printable(r.Program) })},
	}, w)
}

func replicaState(t *theme.Theme, r *live.Replica) (theme.Ink, string) {
	switch r.State {
	case live.ReplicaServing:
		return t.Good, "serving"
	case live.ReplicaAlone:
		return t.Warn, "ALONE"
	case live.ReplicaLost:
		return t.Bad, fmt.Sprintf("LOST %ds", min(int(r.LastSeen/time.Second), 999))
	}
	return t.Dim, string(r.State)
}

// lag is how many orders a replica does not know yet.
func lag(r *live.Replica) string {
	if r.Behind == 0 {
		return "0"
	}
	return fmt.Sprintf("-%d", min(r.Behind, 999))
}
