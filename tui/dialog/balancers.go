package dialog

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Balancers lists those that the console is attached to, side by side, and shows another.
type Balancers struct {
	at    int // the one that has the cursor
	first int // line shown
}

// AskBalancer opens the list.
func AskBalancer(s *box.Sight) box.Act {
	if s.Latest.Link == nil {
		return box.Complain("this console has an engine of its own; slbtui attach URL... shows balancers that run elsewhere")
	}
	d := &Balancers{}
	for i, m := range s.Latest.Link.Fleet {
		if m.Name == s.Latest.Link.Name {
			d.at = i
		}
	}
	return box.Act{Open: d}
}

// Title says how many there are.
func (d *Balancers) Title(s *box.Sight) string {
	fleet := fleetOf(s)
	if len(fleet) == 1 {
		return "One balancer"
	}
	return fmt.Sprintf("%d balancers", len(fleet))
}

func fleetOf(s *box.Sight) []live.Member {
	if s.Latest.Link == nil {
		return nil
	}
	return s.Latest.Link.Fleet
}

// Press moves the cursor, or shows the balancer at it.
func (d *Balancers) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	fleet := fleetOf(s)
	n := max(len(fleet), 1)
	switch k.String() {
	case "down", "j", "tab":
		d.at = (d.at + 1) % n
	case "up", "k", "shift+tab":
		d.at = (d.at + n - 1) % n
	case "q", "b":
		return box.Act{Close: true}
	case "enter":
		if d.at < len(fleet) {
			return box.Act{Close: true, Command: live.Watch{Balancer: fleet[d.at].Name}}
		}
	}
	return box.Act{}
}

// Draw has a line for each balancer, one for all of them together, and where all requests go.
func (d *Balancers) Draw(s *box.Sight, w, h int) (string, []string) {
	fleet := fleetOf(s)
	t, all := s.Theme, words.AddUp(fleet)
	table := balancerColumns(s, fleet, &all, w-1)
	below := d.below(s, fleet, &all, w)
	room := max(h-len(below)-4, 1)
	d.at = min(d.at, max(len(fleet)-1, 0))
	d.first = box.Visible(d.first, d.at, len(fleet), room)
	out := []string{" " + t.Heading(table)}
	for i := d.first; i < min(d.first+room, len(fleet)); i++ {
		lead := " "
		if i == d.at {
			lead = t.Title.On(t.Glyphs.Cursor)
		}
		out = append(out, lead+t.Row(table, i))
	}
	if len(fleet) > 1 {
		out = append(out, " "+t.Row(table, len(fleet)))
	}
	out = append(out, below...)
	return "", append(out, "", t.KeyLine(w, theme.Hint{"j k", "move"}, theme.Hint{"enter", "show"}, theme.Hint{"esc", "back"}))
}

// below says why the one at the cursor is lost and, of several, where all requests go.
func (d *Balancers) below(s *box.Sight, fleet []live.Member, all *words.Together, w int) []string {
	var out []string
	if d.at < len(fleet) && fleet[d.at].Why != "" {
		for _, line := range format.Wrap(format.Printable(fleet[d.at].Why), w-2) {
			out = append(out, " "+s.Theme.Bad.On(line))
		}
	}
	if len(fleet) > 1 && len(all.Servers) > 0 {
		var parts []string
		for _, p := range all.Servers {
			parts = append(parts, format.Printable(p.Addr)+" "+format.Percent(p.Share))
		}
		line := ansi.Truncate("of all requests: "+strings.Join(parts, "  "), max(w-2, 0), s.Theme.Glyphs.Ellipsis)
		out = append(out, "", " "+s.Theme.Dim.On(line))
	}
	return out
}

// balancerColumns are those of the members and, in the row behind them, of all together.
func balancerColumns(s *box.Sight, fleet []live.Member, all *words.Together, w int) theme.Table {
	t, name, policy := s.Theme, len("all together"), 6
	for i := range fleet {
		name = max(name, ansi.StringWidth(fleet[i].Name))
		if snap := fleet[i].Snap; snap != nil {
			policy = max(policy, ansi.StringWidth(snap.Policy))
		}
	}
	name = min(name, max(w/3, 12))
	var names []string
	for i := range fleet {
		names = append(names, format.Printable(fleet[i].Name))
	}
	names = format.Apart(names, name, t.Glyphs.Ellipsis)
	// cell writes a member's value, and sum that of all together.
	cell := func(sum string, of func(*live.Snapshot) string) func(int) (theme.Ink, string) {
		return func(i int) (theme.Ink, string) {
			switch {
			case i == len(fleet):
				return t.Bold, sum
			case fleet[i].Snap == nil:
				return t.Dim, ""
			case !fleet[i].Lost.IsZero():
				return t.Dim, of(fleet[i].Snap)
			}
			return t.Plain, of(fleet[i].Snap)
		}
	}
	millis := func(of func(*live.Snapshot) float64) func(int) (theme.Ink, string) {
		return cell("", func(s *live.Snapshot) string { return format.MillisIn(of(s), 6) })
	}
	return theme.Choose([]theme.Column{
		{Title: "BALANCER", Width: name, Rank: 0, Cell: func(i int) (theme.Ink, string) {
			if i == len(fleet) {
				return t.Bold, "all together"
			}
			if fleet[i].Name == s.Latest.Link.Name {
				return t.Bold, names[i]
			}
			return t.Plain, names[i]
		}},
		{Title: "STATE", Width: 13, Rank: 1, Cell: func(i int) (theme.Ink, string) {
			switch {
			case i == len(fleet):
				return t.Bold, fmt.Sprintf("%d of %d", all.Answering, len(fleet))
			case !fleet[i].Lost.IsZero():
				return t.Bad, "lost " + fleet[i].Lost.Format("15:04:05")
			case fleet[i].Snap == nil:
				return t.Dim, "no picture"
			}
			return t.Good, string(fleet[i].Snap.State)
		}},
		{Title: "POLICY", Width: policy, Rank: 6, Cell: cell("", func(s *live.Snapshot) string { return s.Policy })},
		{Title: "RPS", Width: 6, Rank: 2, Numeric: true, Cell: cell(format.Rate(all.Rate), func(s *live.Snapshot) string { return format.Rate(s.Load.Served) })},
		{Title: "SHARE", Width: 5, Rank: 5, Numeric: true, Cell: cell("100%", func(s *live.Snapshot) string { return format.Percent(s.Load.Served / max(all.Rate, 1e-9)) })},
		{Title: "ERR", Width: 5, Rank: 3, Numeric: true, Cell: cell(format.Percent1(all.FailedShare()), words.Failed)},
		{Title: "P50", Width: 6, Rank: 7, Numeric: true, Cell: millis(func(s *live.Snapshot) float64 { return s.Now.P50MS })},
		{Title: "P95", Width: 6, Rank: 4, Numeric: true, Cell: millis(func(s *live.Snapshot) float64 { return s.Now.P95MS })},
		{Title: "P99", Width: 6, Rank: 8, Numeric: true, Cell: millis(func(s *live.Snapshot) float64 { return s.Now.P99MS })},
	}, w)
}
