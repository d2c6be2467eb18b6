package tui

// paneID is a pane's index; its key is one more.
type paneID int

// The panes, in the order of their keys.
const (
	paneServers paneID = iota
	paneLatency
	paneQTable
	paneLearning
	paneEvents
	paneFlow
	paneFleet // is there only where a balancer has replicas
	panes
)

// rect is a part of the screen, in cells.
type rect struct{ x, y, w, h int }

// The smallest screens of each layout.
const (
	minW, minH       = 40, 10
	fullW, fullH     = 80, 24
	mediumW, mediumH = 110, 34
	wideW, wideH     = 170, 50
	bandW, bandH     = 160, 30 // with the flow above all else
)

// layout says where everything stands. A pane without a place has an empty rect.
type layout struct {
	header, timeline, tabs, tour, footer rect
	panes                                [panes]rect
}

// extent is all that a layout depends on.
type extent struct {
	w, h     int
	focus    paneID // is not hidden
	hidden   paneSet
	zoomed   bool
	servers  int
	replicas int  // 0: the balancer is alone
	scenario bool // is being played: its timeline stands under the header
	tour     bool // is walked: its strip stands over the footer
}

// arrange lays out a screen of at least 40x10: all panes that are not hidden where there is room,
// otherwise (or when zoomed) the focused one.
func arrange(s extent) layout {
	l := layout{header: rect{0, 0, s.w, 1}, footer: rect{0, s.h - 1, s.w, 1}}
	body := rect{0, 1, s.w, s.h - 2}
	if s.scenario {
		l.timeline = rect{0, 1, s.w, 1}
		body.y, body.h = body.y+1, body.h-1
	}
	if s.tour {
		l.tour = rect{0, s.h - 2, s.w, 1}
		body.h--
	}
	if s.replicas == 0 {
		s.hidden[paneFleet] = true
		if s.focus == paneFleet {
			s.focus = paneServers
		}
	}
	small := s.w < fullW || s.h < fullH
	switch {
	case small:
		l.tabs = rect{0, body.y, s.w, 1}
		l.panes[s.focus] = rect{0, body.y + 1, s.w, body.h - 1}
	case s.zoomed:
		l.panes[s.focus] = body
	default:
		l.place(s.beside(body), body, &s.hidden)
	}
	return l
}

// layout arranges what is shown now.
func (m *Model) layout() layout {
	replicas := 0
	if m.snap.Fleet != nil {
		replicas = len(m.snap.Fleet.Replicas)
	}
	return arrange(extent{m.w, m.h, m.focus, m.hidden, m.zoomed, len(m.snap.Servers), replicas, m.snap.Scenario != nil, m.touring()})
}

// beside is how the panes stand in b. The flow is a band above the others from 160 columns on; on a
// smaller screen it is while it has the focus, where it fits. So is the fleet, where there is one.
func (s *extent) beside(b rect) piece {
	band := 0
	if s.h >= bandH && (s.w >= bandW || s.focus == paneFlow) && !s.hidden[paneFlow] {
		band = min(max(s.servers, 3), max(b.h/8, 3)) + 2
	}
	fleet := 0
	if (s.h >= bandH || s.focus == paneFleet) && !s.hidden[paneFleet] {
		fleet = min(s.replicas+3, max(b.h/3, 4))
	}
	w, h := b.w, b.h-band-fleet
	var rest piece
	switch {
	case s.w >= wideW && s.h >= wideH:
		rest = wide(w, h, s.servers)
	case s.w >= mediumW && s.h >= mediumH:
		rest = medium(w, h, s.servers)
	default:
		rest = compact(w, h, s.focus == paneFlow && band == 0)
	}
	if fleet > 0 {
		rest = above(b.h-band, leaf(paneFleet, fleet), rest)
	}
	if band > 0 {
		rest = above(b.h, leaf(paneFlow, band), rest)
	}
	return rest
}

// compact: servers and latency over Q-table and events, or over the flow, over a strip of controls.
func compact(w, h int, flow bool) piece {
	left, strip := w*23/40, 4
	top := (h - strip + 2) * 11 / 20
	mid := h - strip - top
	middle := across(mid, leaf(paneQTable, left), leaf(paneEvents, w-left))
	if flow {
		middle = leaf(paneFlow, mid)
	}
	return above(h, across(top, leaf(paneServers, left), leaf(paneLatency, w-left)), middle, leaf(paneLearning, strip))
}

// medium: servers and Q-table on the left, latency, learning and events on the right.
func medium(w, h, servers int) piece {
	left := w / 2
	top := min(max(servers+7, 10), h/2)
	chart, learning := h*22/38, h*10/38
	return across(h,
		above(left, leaf(paneServers, top), leaf(paneQTable, h-top)),
		above(w-left, leaf(paneLatency, chart), leaf(paneLearning, learning), leaf(paneEvents, h-chart-learning)),
	)
}

// wide: as medium, with the events in a column of their own.
func wide(w, h, servers int) piece {
	left, right := w*37/100, w*25/100
	mid := w - left - right
	top := min(max(5*servers+3, 18), h*11/20)
	chart := h * 6 / 10
	return across(h,
		above(left, leaf(paneServers, top), leaf(paneQTable, h-top)),
		above(mid, leaf(paneLatency, chart), leaf(paneLearning, h-chart)),
		leaf(paneEvents, right),
	)
}
