package pane

import (
	"fmt"

	"slbtui/tui/box"
	"slbtui/tui/format"
)

// spreadRows is how many ranges of latencies are said at most.
const spreadRows = 8

// Spread is the histogram in words: how the answers of who routes are spread over the window, a sentence for each range
// that has any.
func Spread(s *box.Sight) []string {
	phases := s.Snap.Phases
	if len(phases) == 0 {
		return []string{"no answers yet"}
	}
	routes := &phases[len(phases)-1]
	now := spreadOf(s.Snap.Seconds, routes.Number, int(s.Window.Seconds()))
	low, high := extent(&now, &spread{})
	if high < low {
		return []string{"no answers yet"}
	}
	each := 1 // buckets in a range
	for (high-low)/each+1 > spreadRows {
		each *= 2
	}
	low -= low % each
	lines := []string{fmt.Sprintf("answers of %s, its last %d s:", format.Printable(routes.Policy), now.seconds)}
	for b := low; b <= high; b += each {
		if share := now.share(b, b+each); share > 0 {
			lines = append(lines, fmt.Sprintf("%s took %s to %s ms", format.Percent1(share), edge(b), edge(b+each)))
		}
	}
	return lines
}
