package words

import (
	"fmt"
	"strconv"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// Utilisation is a server's share of busy slots, "-" when unknown.
func Utilisation(s *live.Server) string {
	if s.Utilisation < 0 {
		return "-"
	}
	return format.Percent(s.Utilisation)
}

// InFlight is what a server works on, and "+" what waits there.
func InFlight(s *live.Server) string {
	if s.Queued > 0 {
		return fmt.Sprintf("%d+%d", max(s.InFlight-s.Queued, 0), s.Queued)
	}
	return strconv.Itoa(s.InFlight)
}

// Waiting is "+" how many requests wait at a server for a slot, "" when none does.
func Waiting(s *live.Server) string {
	if s.Queued <= 0 {
		return ""
	}
	return "+" + strconv.Itoa(s.Queued)
}

// Health is a server's word on itself, which may differ from the state that the balancer sees; only simulated ones have one.
func Health(s string) string {
	if s == "" {
		return "reports nothing of itself"
	}
	return "reports: " + s
}

// Failures is how many requests a server has failed, and how many of them because clients waited no longer.
func Failures(s *live.Server) string {
	text := format.Count(s.Failures) + " failed"
	if s.Abandoned > 0 {
		text += " (" + format.Count(s.Abandoned) + " timed out)"
	}
	return text
}

// Share is a server's share of the traffic; one of many may have little of it.
func Share(s *live.Server) string {
	if s.Share > 0 && s.Share < 0.01 {
		return format.Percent1(s.Share)
	}
	return format.Percent(s.Share)
}

// SlotsKnown tells whether it is known which of a server's worker slots are busy.
func SlotsKnown(s *live.Server) bool { return s.Simulated && s.Workers > 0 }

// FailedOf is the share of a server's requests of the last seconds that failed, 0-1.
func FailedOf(s *live.Server) float64 {
	if s.Window.Requests == 0 {
		return 0
	}
	return float64(s.Window.Failures) / float64(s.Window.Requests)
}

// Failed is the share of the requests of the last seconds that failed; of none, none did.
func Failed(s *live.Snapshot) string { return format.Percent1(FailedShare(s)) }

// FailedShare is that share as a number, 0-1.
func FailedShare(s *live.Snapshot) float64 {
	if s.Now.Requests == 0 {
		return 0
	}
	return 1 - s.Now.SuccessRate
}

// FailedWhy says what the failures of the last seconds are: of which server, and whether it was waited for in vain; ""
// without any. names are those of the servers.
func FailedWhy(s *live.Snapshot, names []string) string {
	worst, failing := -1, 0
	for i := range s.Servers {
		n := s.Servers[i].Window.Failures
		if n == 0 {
			continue
		}
		failing++
		if worst < 0 || n > s.Servers[worst].Window.Failures {
			worst = i
		}
	}
	if worst < 0 || FailedShare(s) == 0 {
		return ""
	}
	v := &s.Servers[worst]
	text := names[worst]
	switch {
	case v.Fault.Crash, v.Fault.Stall, v.Fault.ErrorRate > 0:
		text += " " + Fault(v.Fault)
	case v.Window.Abandoned*2 > v.Window.Failures:
		text += " times out"
	case v.State == live.ServerDown:
		text += " " + string(v.State)
	}
	if failing > 1 {
		text += fmt.Sprintf(", %d more", failing-1)
	}
	return text
}
