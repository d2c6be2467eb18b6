package simulate

import (
	"slices"
	"time"
)

// Lone is a server that alone suffers one fault that leaves it alive but worse, and from when to when.
type Lone struct {
	Server   int
	From, To time.Duration
}

// LoneFault tells which server to watch in a recovery timeline; false when there is no such thing.
func (s Scenario) LoneFault() (Lone, bool) {
	if len(s.Faults) != 1 || s.Faults[0].Slow > 0 && s.Faults[0].Slow <= 1 {
		return Lone{}, false
	}
	f := s.Faults[0]
	server := slices.Index(s.ServerIDs(), f.Server)
	return Lone{server, f.At, min(f.End(), s.Duration)}, server >= 0
}
