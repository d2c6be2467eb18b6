package fault

import (
	"fmt"
	"strings"
)

// String describes the fault in words: "slow x5, errors 20%"; "" for a healthy server.
func (f Fault) String() string {
	var parts []string
	if f.Crash {
		parts = append(parts, "crashed")
	}
	if f.Stall {
		parts = append(parts, "stalled")
	}
	if f.Slow > 0 && f.Slow != 1 {
		parts = append(parts, fmt.Sprintf("slow x%.3g", f.Slow))
	}
	if f.Delay > 0 {
		parts = append(parts, "delay "+f.Delay.String())
	}
	if f.ErrorRate > 0 {
		parts = append(parts, fmt.Sprintf("errors %.3g%%", f.ErrorRate*100))
	}
	return strings.Join(parts, ", ")
}
