package policy

import (
	"fmt"
	"io"

	"slbtui/qlearn"
)

// Inspectable is a learner whose table people can look at. Both methods copy, so the caller may
// keep what it gets.
type Inspectable interface {
	// Table returns the limit rows most worth seeing; all of them when limit is not above 0.
	Table(limit int) qlearn.Table
	Stats() qlearn.Stats
}

// Persistent is a learner whose table survives the program. servers are the ids of the columns,
// in the order of View.Servers.
type Persistent interface {
	// Save writes what was learned. It does not hold up decisions while it writes.
	Save(w io.Writer, servers []string) error
	// Load replaces what was learned. On an error (a damaged file, other servers) nothing changes.
	Load(r io.Reader, servers []string) error
}

// Partial is a Persistent learner that may take over a part of a table only.
type Partial interface {
	// Partial tells what the last Load or Inherit left out, and why; "" when it was nothing.
	Partial() string
}

// Updates tells how much p has learned so far; 0 for one that does not learn.
func Updates(p Policy) uint64 {
	if l, ok := p.(Inspectable); ok {
		return l.Stats().Updates
	}
	return 0
}

// notOfMyKind is what Inherit says to a learner of another kind.
func notOfMyKind(name string, old Learner) error {
	return fmt.Errorf("%s cannot take over what %s learned", name, old.Name())
}
