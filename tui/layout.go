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
)

// layout says where everything stands. A pane without a place has an empty rect.
type layout struct {
	header, timeline, tabs, footer rect
	panes                          [panes]rect
}

// arrange lays out a screen of at least 40x10: all panes where there is room, otherwise (or when
// zoomed) the focused one. A scenario's timeline stands under the header.
func arrange(w, h int, focus paneID, zoomed bool, servers int, scenario bool) layout {
	l := layout{header: rect{0, 0, w, 1}, footer: rect{0, h - 1, w, 1}}
	body := rect{0, 1, w, h - 2}
	if scenario {
		l.timeline = rect{0, 1, w, 1}
		body.y, body.h = body.y+1, body.h-1
	}
	small := w < fullW || h < fullH
	switch {
	case small:
		l.tabs = rect{0, body.y, w, 1}
		l.panes[focus] = rect{0, body.y + 1, w, body.h - 1}
	case zoomed:
		l.panes[focus] = body
	case w >= wideW && h >= wideH:
		l.wide(body, servers)
	case w >= mediumW && h >= mediumH:
		l.medium(body, servers)
	default:
		l.compact(body)
	}
	return l
}

// layout arranges what is shown now.
func (m *Model) layout() layout {
	return arrange(m.w, m.h, m.focus, m.zoomed, len(m.snap.Servers), m.snap.Scenario != nil)
}

// compact: servers and latency over Q-table and events over a strip of controls.
func (l *layout) compact(b rect) {
	left, strip := b.w*23/40, 4
	top := (b.h - strip + 2) * 11 / 20
	mid := b.h - strip - top
	l.panes[paneServers] = rect{b.x, b.y, left, top}
	l.panes[paneLatency] = rect{b.x + left, b.y, b.w - left, top}
	l.panes[paneQTable] = rect{b.x, b.y + top, left, mid}
	l.panes[paneEvents] = rect{b.x + left, b.y + top, b.w - left, mid}
	l.panes[paneLearning] = rect{b.x, b.y + top + mid, b.w, strip}
}

// medium: servers and Q-table on the left, latency, learning and events on the right.
func (l *layout) medium(b rect, servers int) {
	left := b.w / 2
	top := min(max(servers+7, 10), b.h/2)
	chart, learning := b.h*19/38, b.h*11/38
	l.panes[paneServers] = rect{b.x, b.y, left, top}
	l.panes[paneQTable] = rect{b.x, b.y + top, left, b.h - top}
	l.panes[paneLatency] = rect{b.x + left, b.y, b.w - left, chart}
	l.panes[paneLearning] = rect{b.x + left, b.y + chart, b.w - left, learning}
	l.panes[paneEvents] = rect{b.x + left, b.y + chart + learning, b.w - left, b.h - chart - learning}
}

// wide: as medium, with the events in a column of their own.
func (l *layout) wide(b rect, servers int) {
	left, right := b.w*37/100, b.w*25/100
	mid := b.w - left - right
	top := min(max(5*servers+3, 18), b.h*11/20)
	chart := b.h * 6 / 10
	l.panes[paneServers] = rect{b.x, b.y, left, top}
	l.panes[paneQTable] = rect{b.x, b.y + top, left, b.h - top}
	l.panes[paneLatency] = rect{b.x + left, b.y, mid, chart}
	l.panes[paneLearning] = rect{b.x + left, b.y + chart, mid, b.h - chart}
	l.panes[paneEvents] = rect{b.x + left + mid, b.y, right, b.h}
}
