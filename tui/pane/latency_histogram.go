package pane

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/format"
)

// spread is how many answers of some seconds fell into each bucket of latencies.
type spread struct {
	counts  [metrics.Buckets]float64
	all     float64
	seconds int
}

// spreadOf adds up the newest seconds of a phase, at most so many.
func spreadOf(seconds []metrics.Second, phase, most int) spread {
	var s spread
	for i := len(seconds) - 1; i >= 0 && s.seconds < most; i-- {
		if seconds[i].Phase != phase {
			continue
		}
		s.seconds++
		for b, n := range seconds[i].Latencies[:min(len(seconds[i].Latencies), metrics.Buckets)] {
			s.counts[b] += float64(n)
			s.all += float64(n)
		}
	}
	return s
}

// share is that of the buckets from on, below past, 0-1.
func (s *spread) share(from, past int) float64 {
	sum := 0.0
	for b := max(from, 0); b < min(past, metrics.Buckets); b++ {
		sum += s.counts[b]
	}
	return sum / max(s.all, 1)
}

// histogram is how the answers of who routes are spread, over the window, in h lines; behind it the outline of what they were
// under round robin.
func histogram(s *box.Sight, w, h int) []string {
	t, phases := s.Theme, s.Snap.Phases
	if len(phases) == 0 {
		return make([]string, h)
	}
	most := int(s.Window.Seconds())
	routes := &phases[len(phases)-1]
	now, before := spreadOf(s.Snap.Seconds, routes.Number, most), spread{}
	name := " " + t.Bold.On(t.Glyphs.Full+" "+format.Printable(briefly(routes.Policy)))
	head := name + t.Dim.On(fmt.Sprintf(", its last %d s", now.seconds))
	rr := lastPhase(phases, func(p *metrics.Phase) bool { return p.Policy == live.Baseline })
	if rr != nil && rr != routes {
		before = spreadOf(s.Snap.Seconds, rr.Number, most)
		outline := "   " + t.Dim.On(t.Glyphs.Empty+string(t.Glyphs.Chart.Vertical)+" RR")
		if text := head + outline + t.Dim.On(fmt.Sprintf(", its last %d s", before.seconds)); ansi.StringWidth(text) <= w {
			head = text
		} else {
			head = name + outline
		}
	}
	low, high := extent(&now, &before)
	rows := h - 1
	if high < low || rows < 1 {
		return append([]string{head, " " + t.Dim.On("no answers yet")}, make([]string, max(h-2, 0))...)
	}
	each := 1 // buckets in a row: a half of a half of a doubling, a half, a whole, two ...
	for (high-low)/each+1 > rows {
		each *= 2
	}
	low -= low % each
	top := 0.0
	for b := low; b <= high; b += each {
		top = max(top, now.share(b, b+each), before.share(b, b+each))
	}
	lines := []string{head}
	const lead = 20 // label and percentage
	for b := low; b <= high; b += each {
		mine, theirs := now.share(b, b+each), before.share(b, b+each)
		label := format.Right(edge(b)+"-"+edge(b+each)+" ms", 13)
		lines = append(lines, t.Dim.On(label)+format.Right(format.Percent(mine), 5)+"  "+outlined(s, mine/top, theirs/top, w-lead-1))
	}
	return append(lines, make([]string, max(h-len(lines), 0))...)
}

// outlined is a bar in w cells, and in front of it or behind where another one ends.
func outlined(s *box.Sight, mine, other float64, w int) string {
	t := s.Theme
	n, at := cells(mine, w), cells(other, w)-1
	switch {
	case at < 0:
		return t.Bold.On(strings.Repeat(t.Glyphs.Full, n))
	case at >= n:
		return t.Bold.On(strings.Repeat(t.Glyphs.Full, n)) + t.Dim.On(strings.Repeat(t.Glyphs.Empty, at-n)+string(t.Glyphs.Chart.Vertical))
	}
	return t.Bold.On(strings.Repeat(t.Glyphs.Full, at)) + t.Dim.On(string(t.Glyphs.Chart.Vertical)) + t.Bold.On(strings.Repeat(t.Glyphs.Full, n-at-1))
}

// cells is a share of w, at least one for what there is.
func cells(share float64, w int) int {
	if !(share > 0) || w < 1 {
		return 0
	}
	return min(max(int(share*float64(w)+0.5), 1), w)
}

// edge is where a bucket begins, in ms.
func edge(bucket int) string {
	if ms := metrics.BucketMS(bucket); ms < 9.95 && bucket > 0 {
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.0f", metrics.BucketMS(bucket))
}

// extent is the first and the last bucket in which one of two has some; high is -1 where none has.
func extent(a, b *spread) (low, high int) {
	low, high = metrics.Buckets, -1
	for i := range metrics.Buckets {
		if a.counts[i]+b.counts[i] > 0 {
			low, high = min(low, i), i
		}
	}
	return low, high
}
