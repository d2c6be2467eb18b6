package tui

// paneSet is some of the panes.
type paneSet [panes]bool

// piece is a part of a layout: a pane, or pieces beside or above each other.
type piece struct {
	pane   paneID
	size   int // cells along the line in which it stands with its neighbours
	pieces []piece
	line   axis // the line in which pieces stand
}

type axis int

const (
	rightward axis = iota
	downward
)

func leaf(id paneID, size int) piece { return piece{pane: id, size: size} }

func across(size int, pieces ...piece) piece {
	return piece{size: size, pieces: pieces, line: rightward}
}

func above(size int, pieces ...piece) piece { return piece{size: size, pieces: pieces, line: downward} }

// gone tells whether nothing of a piece is to be seen.
func (p *piece) gone(hidden *paneSet) bool {
	if len(p.pieces) == 0 {
		return hidden[p.pane]
	}
	for i := range p.pieces {
		if !p.pieces[i].gone(hidden) {
			return false
		}
	}
	return true
}

// place gives a piece its room. What hidden panes leave is shared among their neighbours, each as much more
// as it is large.
func (l *layout) place(p piece, r rect, hidden *paneSet) {
	if len(p.pieces) == 0 {
		l.panes[p.pane] = r
		return
	}
	sum := 0
	for i := range p.pieces {
		if !p.pieces[i].gone(hidden) {
			sum += p.pieces[i].size
		}
	}
	from, given, room := 0, 0, r.w
	if p.line == downward {
		room = r.h
	}
	for i := range p.pieces {
		q := p.pieces[i]
		if q.gone(hidden) {
			continue
		}
		given += q.size
		to := given * room / sum
		at := rect{r.x + from, r.y, to - from, r.h}
		if p.line == downward {
			at = rect{r.x, r.y + from, r.w, to - from}
		}
		l.place(q, at, hidden)
		from = to
	}
}
