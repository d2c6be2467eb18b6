package flow

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/format"
	"slbtui/tui/theme"
)

// geometry says what has how much room, in cells.
type geometry struct {
	clients, policy, rate                      string
	before, after                              int      // pipes around the rate
	branch                                     int      // pipes to the servers
	name, bar, each, slots, queued, word, note int      // columns at their ends, without the blank before each
	rows                                       []int    // the branches'
	trunk                                      int      // the row of what comes before them
	gap                                        int      // rows from a branch to the next
	left                                       int      // all before the joints
	names                                      []string // of the branches
}

// The least and the most that pipes and bars are given.
const (
	leastPipe, mostPipe = 3, 36
	leastBar, mostBar   = 4, 24
	mostName, mostSlots = 16, 8
	mostGap             = 8
	leastNote           = 6
)

// measure gives everything its room in w x h cells. Where there is not enough, what is least needed goes:
// what else there is to say, slots, the word clients, bars.
func (p *Picture) measure(t *theme.Theme, w, h int) geometry {
	g := geometry{clients: "clients ", policy: format.Middle(format.Printable(p.Policy), 20, t.Glyphs.Ellipsis), rate: perSecond(p.Rate)}
	p.columns(t, &g)
	note := g.note
	g.note = 0
	used := func() int {
		n := g.lead(t) + 1 + g.branch + 1 // a joint and a head
		for _, c := range []int{g.name + 1, g.bar, g.each, g.slots, g.queued, g.word, g.note} {
			if c > 0 {
				n += c + 1
			}
		}
		return n
	}
	g.before, g.after, g.branch, g.bar = leastPipe, leastPipe, leastPipe, leastBar
	for _, less := range []func(){
		func() {}, func() { g.slots = min(g.slots, 5) }, func() { g.clients = "" }, func() { g.slots = 0 },
		func() { g.policy = format.Middle(g.policy, 8, t.Glyphs.Ellipsis) }, func() { g.bar = 0 }, func() { g.before = 0 }, func() { g.rate = "" }, func() { g.queued = 0 },
		func() { g.name = min(g.name, 8) }, func() { g.each = 0 }, func() { g.policy = format.Middle(g.policy, 5, t.Glyphs.Ellipsis) },
	} {
		if less(); used() <= w {
			break
		}
	}
	spare := max(w-used(), 0)
	give := func(to *int, share, most int) {
		*to += max(min(share, most-*to), 0)
	}
	if room := min(note, spare*45/100-1); room >= leastNote {
		g.note = room
		spare -= room + 1
	}
	give(&g.branch, spare*30/100, mostPipe)
	if g.before > 0 {
		give(&g.before, spare*12/100, mostPipe/2)
	}
	give(&g.after, spare*12/100, mostPipe/2)
	if g.bar > 0 {
		give(&g.bar, spare*20/100, mostBar)
	}
	g.left = g.lead(t)
	g.stand(len(p.Branches), h)
	names := make([]string, len(p.Branches))
	for i := range names {
		names[i] = p.Branches[i].Name
	}
	g.names = format.Apart(names, g.name-1, t.Glyphs.Ellipsis)
	return g
}

// lead is the room of what comes before the joints.
func (g *geometry) lead(t *theme.Theme) int {
	n := 1 + ansi.StringWidth(g.clients+g.rate) + 1 + g.after + ansi.StringWidth(t.Glyphs.Pipe.Head+" "+g.policy) + 2
	if g.before > 0 {
		n += g.before + 1
	}
	return n
}

// columns are as wide as what stands in them.
func (p *Picture) columns(t *theme.Theme, g *geometry) {
	for i := range p.Branches {
		b := &p.Branches[i]
		g.name = max(g.name, ansi.StringWidth(b.Name)+1)
		g.note = max(g.note, ansi.StringWidth(strings.Join(b.Notes, b.between(t))))
		g.each = max(g.each, len(perSecond(b.Rate)))
		g.slots = max(g.slots, min(b.Workers, mostSlots))
		if b.Waiting > 0 {
			g.queued = max(g.queued, len(waiting(b)))
		}
		g.word = max(g.word, ansi.StringWidth(b.Word))
	}
	g.name, g.word = min(g.name, mostName), min(g.word, mostName)
}

// stand gives n branches their rows in h, in the middle.
func (g *geometry) stand(n, h int) {
	if n == 0 {
		return
	}
	g.gap = min(max(h/n, 1), mostGap)
	tall := (n-1)*g.gap + min(g.gap, 2)
	top := max((h-tall)/2, 0)
	for i := range n {
		g.rows = append(g.rows, top+i*g.gap)
	}
	g.trunk = (g.rows[0] + g.rows[n-1]) / 2
}

// way is how far it is to the end of a branch, in cells.
func (g *geometry) way(branch int) int {
	return g.before + g.after + hidden + g.climb(branch) + g.branch
}

// climb is how far up or down a branch begins.
func (g *geometry) climb(branch int) int { return max(g.rows[branch]-g.trunk, g.trunk-g.rows[branch]) }

// hidden is how far a request goes under the policy's name, in cells.
const hidden = 3

// between parts the notes on a branch.
func (b *Branch) between(t *theme.Theme) string { return " " + t.Glyphs.Dot + " " }

// noted are the notes that fit into w cells, each in full.
func (b *Branch) noted(t *theme.Theme, w int) string {
	line := ""
	for i, note := range b.Notes {
		if i > 0 {
			note = b.between(t) + note
		}
		if ansi.StringWidth(line+note) > w {
			break
		}
		line += note
	}
	return line
}

func perSecond(rate float64) string { return format.Rate(rate) + "/s" }

func waiting(b *Branch) string { return "+" + strconv.Itoa(b.Waiting) }
