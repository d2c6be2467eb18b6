package policy

import (
	"fmt"
	"io"
	"strings"

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

// checkParam returns the parameter of that name if it may take value.
func checkParam(params []Param, name string, value float64) (Param, error) {
	names := make([]string, len(params))
	for i, p := range params {
		if names[i] = p.Name; p.Name != name {
			continue
		}
		if !(value >= p.Min && value <= p.Max) { // also when value is NaN
			return Param{}, fmt.Errorf("%s = %v is not in %v-%v", name, value, p.Min, p.Max)
		}
		return p, nil
	}
	return Param{}, fmt.Errorf("no parameter %q; there are %s", name, strings.Join(names, ", "))
}
