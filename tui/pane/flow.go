package pane

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/chart"
	"slbtui/tui/dialog"
	"slbtui/tui/flow"
	"slbtui/tui/format"
	"slbtui/tui/words"
)

// Flow is the pane of the picture: clients, who routes, and what goes to which server. Where there are more
// servers than lines, those that are alike stand together.
type Flow struct {
	dots   flow.Dots
	alone  box.Memo[grouping, []int]
	shared shares
}

// Title is that of the pane.
func (p *Flow) Title(*box.Sight) string { return "Flow" }

// Moves tells that dots travel in it.
func (p *Flow) Moves() {}

// Press selects another server, or opens the details of the selected one.
func (p *Flow) Press(s *box.Sight, k tea.KeyPressMsg) box.Act {
	n := len(s.Snap.Servers)
	if n == 0 {
		return box.Act{}
	}
	at := max(s.Index(), 0)
	switch k.String() {
	case "enter":
		return dialog.AskServer(s, p)
	case "j", "down":
		return selecting(s, min(at+1, n-1))
	case "k", "up":
		return selecting(s, max(at-1, 0))
	case "g", "home":
		return selecting(s, 0)
	case "G", "end":
		return selecting(s, n-1)
	}
	return box.Act{}
}

// Draw is the flow and, alone on a screen with room to spare, who got the traffic over time.
func (p *Flow) Draw(s *box.Sight, w, h int) (string, []string) {
	t := s.Theme
	if len(s.Snap.Servers) == 0 {
		return "", []string{"", " " + t.Dim.On("no servers yet")}
	}
	room := h
	if below := h - 3*len(s.Snap.Servers) - 2; s.Place.Alone() && below >= 8 {
		room = h - min(below, max(16, h*2/5))
	}
	picture := flow.Picture{Rate: format.Finite(s.Snap.Load.Served), Policy: s.Snap.Policy, Branches: p.branches(s, max(room, 1))}
	lines := picture.Draw(t, &p.dots, s.Moment, w, room)
	if span := s.Seconds(); room < h && len(span) > 0 {
		lines = append(lines, "")
		lines = append(lines, p.shared.draw(s, span, w, h-room-1, sharedMargins(w))...)
	}
	aside := ""
	if per := p.dots.Each(); per > 0 {
		aside = t.Bold.On(t.Glyphs.Pipe.Request) + t.Dim.On(" "+each(per))
	}
	return aside, lines
}

// each says how many requests a dot is.
func each(per float64) string {
	if per == 1 {
		return "a request"
	}
	return format.Count(uint64(per)) + " requests"
}

// branches are the servers in at most rows lines, each by itself where there is room.
func (p *Flow) branches(s *box.Sight, rows int) []flow.Branch {
	n := len(s.Snap.Servers)
	if n <= rows {
		out := make([]flow.Branch, n)
		for i := range out {
			out[i] = branch(s, i)
		}
		return out
	}
	return p.grouped(s, rows)
}

// branch is the one to a server.
func branch(s *box.Sight, i int) flow.Branch {
	t, v := s.Theme, &s.Snap.Servers[i]
	b := flow.Branch{
		Name: format.Printable(v.ID), Ink: t.Server(i), Rate: max(format.Finite(v.Share*s.Snap.Load.Served), 0), State: stateOf(v),
		Notes: notes(s, v), Selected: v.ID == s.Server,
	}
	if words.SlotsKnown(v) {
		b.Busy, b.Workers, b.Waiting = max(v.InFlight-v.Queued, 0), v.Workers, v.Queued
	}
	if v.State != live.ServerOK {
		b.Word, b.WordInk = format.Printable(string(v.State)), t.State(string(v.State))
	}
	b.More = t.Dim.On("p95 "+format.Left(format.MillisIn(v.Window.P95MS, 6), 7, "")+format.Left(words.InFlight(v)+" in flight", 16, "")) +
		t.Server(i).On(chart.Spark(s.Series(i, box.P95), 30, t.Glyphs.Chart))
	return b
}

// stateOf is how requests get to a server.
func stateOf(v *live.Server) flow.State {
	switch {
	case !v.State.Takes():
		return flow.Broken
	case v.State == live.ServerSlow || words.FaultFor(v) != "":
		return flow.Thinning
	}
	return flow.Open
}

// notes are what else there is to say of a server.
func notes(s *box.Sight, v *live.Server) []string {
	var parts []string
	if v.Window.P95MS > 0 {
		parts = append(parts, format.Millis(v.Window.P95MS))
	}
	if share := words.FailedOf(v); share > 0 {
		parts = append(parts, "err "+format.Percent1(share))
	}
	if fault := words.FaultFor(v); fault != "" {
		parts = append(parts, s.Theme.Words(fault))
	}
	return parts
}

// group is the branch to several servers of one state.
func group(s *box.Sight, state live.ServerState, of []int) flow.Branch {
	t := s.Theme
	b := flow.Branch{Name: fmt.Sprintf("%d %s", len(of), format.Printable(string(state))), Ink: t.State(string(state))}
	worst := of[0]
	for _, i := range of {
		v := &s.Snap.Servers[i]
		b.Rate += max(format.Finite(v.Share*s.Snap.Load.Served), 0)
		if words.SlotsKnown(v) {
			b.Busy, b.Workers, b.Waiting = b.Busy+max(v.InFlight-v.Queued, 0), b.Workers+v.Workers, b.Waiting+v.Queued
		}
		if v.Window.P95MS > s.Snap.Servers[worst].Window.P95MS {
			worst = i
		}
	}
	switch {
	case !state.Takes() && (state != ailing || b.Rate <= 0):
		b.State = flow.Broken
	case state != live.ServerOK:
		b.State = flow.Thinning
	}
	switch {
	case len(of) > 1 && b.State == flow.Broken:
		b.Notes = namesOf(s, of)
	case s.Snap.Servers[worst].Window.P95MS > 0:
		b.Notes = []string{"worst " + namesOf(s, []int{worst})[0] + " " + format.Millis(s.Snap.Servers[worst].Window.P95MS)}
	}
	return b
}

// namesOf are the short names of some servers.
func namesOf(s *box.Sight, of []int) []string {
	names := make([]string, len(of))
	for n, i := range of {
		names[n] = format.Printable(s.Snap.Servers[i].ID)
	}
	return format.Apart(names, 14, s.Theme.Glyphs.Ellipsis)
}
