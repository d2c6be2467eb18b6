package words

import (
	"strconv"
	"strings"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/format"
)

// Fault names what is being injected; empty for a healthy server.
func Fault(f fault.Fault) string {
	var words []string
	if f.Crash {
		words = append(words, "crash")
	}
	if f.Stall {
		words = append(words, "stall")
	}
	if f.Slow > 0 && f.Slow != 1 {
		words = append(words, "slow x"+strconv.FormatFloat(f.Slow, 'g', 4, 64))
	}
	if f.Delay > 0 {
		words = append(words, "+"+f.Delay.String())
	}
	if f.ErrorRate > 0 {
		words = append(words, "errors "+format.Percent(f.ErrorRate))
	}
	return strings.Join(words, ", ")
}

func lasting(d time.Duration) string {
	if d <= 0 {
		return " until cleared"
	}
	return " for " + format.Short(d)
}

// FaultFor is what a server suffers and for how long yet, where there is little room.
func FaultFor(s *live.Server) string {
	words := Fault(s.Fault)
	if words != "" && s.FaultLeft > 0 {
		words += " " + format.Seconds(s.FaultLeft)
	}
	return words
}

// FaultLeft is the same where there is room to say what the time means.
func FaultLeft(s *live.Server) string {
	words := Fault(s.Fault)
	if words != "" && s.FaultLeft > 0 {
		words += ", " + format.Seconds(s.FaultLeft) + " left"
	}
	return words
}
