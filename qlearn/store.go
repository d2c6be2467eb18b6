package qlearn

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// savedVersion is that of the file Saved writes. A reader of another version refuses it.
const savedVersion = 1

// Saved is what an Agent has learned, apart from the agent: Save copies it out (quick, under the
// caller's lock), Write puts it into a file (slow, without). Parameters are not part of it: they
// come from the configuration and the operator. The recent means of Stats start again.
type Saved struct {
	Version  int        `json:"version"`
	Kind     string     `json:"kind"`    // which learner's: "joint" is Q-learning's
	Servers  []string   `json:"servers"` // whose columns these are, in order
	Episodes uint64     `json:"episodes"`
	Requests int        `json:"requests"` // of the unfinished episode
	Updates  uint64     `json:"updates"`
	Rows     []SavedRow `json:"rows"` // in the order of their first visit
}

// SavedRow is one state of a Saved table.
type SavedRow struct {
	State  string       `json:"state"` // "lhl": a letter per server, l(ow), m(edium), h(igh); "*" for all that found the table full
	Q      []float64    `json:"q"`
	Twins  [2][]float64 `json:"twins,omitzero"` // the two estimates that Q is the mean of, where the learner keeps two
	Visits []uint64     `json:"visits"`
}

// Save copies what was learned. servers are the ids of the columns, in order; it fails when
// there are not as many as columns.
func (a *Agent) Save(servers []string) (Saved, error) {
	if len(servers) != a.servers {
		return Saved{}, fmt.Errorf("saving a Q-table of %d servers under %d server ids", a.servers, len(servers))
	}
	s := Saved{
		Version: savedVersion, Kind: a.rule.kind, Servers: slices.Clone(servers),
		Episodes: a.episodes, Requests: a.requests, Updates: a.updates,
		Rows: make([]SavedRow, len(a.rows)),
	}
	for i, r := range a.rows {
		s.Rows[i] = SavedRow{
			State: r.state, Q: slices.Clone(r.q), Visits: slices.Clone(r.visits),
			Twins: [2][]float64{slices.Clone(r.twins[0]), slices.Clone(r.twins[1])},
		}
	}
	return s, nil
}

// Restore replaces what was learned by s, which it then owns. Row numbers given out before are
// no longer valid. The agent takes the number of servers from s.
func (a *Agent) Restore(s Saved) {
	a.Resize(len(s.Servers))
	for i, r := range s.Rows {
		a.index[r.State] = i
		a.rows = append(a.rows, row{state: r.State, q: r.Q, twins: r.Twins, visits: r.Visits})
		var visits uint64
		for _, n := range r.Visits {
			visits += n
		}
		a.visits, a.used = append(a.visits, visits), append(a.used, 0)
	}
	a.updates = s.Updates
	a.Resume(s.Episodes, s.Requests)
}

// Write writes s as JSON, which keeps every number exactly.
func (s Saved) Write(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(s); err != nil {
		return fmt.Errorf("writing the Q-table: %w", err)
	}
	return nil
}

// ReadSaved reads what Write wrote of the same kind of learner, for these servers in this order. It
// reads no more than such a table can need, and its error says what about the file is wrong. The
// agent stays as it is, and the call needs no lock on it.
func (a *Agent) ReadSaved(r io.Reader, servers []string) (Saved, error) {
	limited := &io.LimitedReader{R: r, N: sizeLimit(servers)}
	var s Saved
	decoder := json.NewDecoder(limited)
	err := decoder.Decode(&s)
	if err == nil {
		if err = s.check(a.rule, servers); err == nil && trailing(decoder) {
			err = errors.New("there is something after the table")
		}
	}
	if err != nil && limited.N <= 0 {
		err = fmt.Errorf("it is longer than a table of %d servers can be (%d bytes)", len(servers), sizeLimit(servers))
	}
	if err != nil {
		return Saved{}, fmt.Errorf("reading the Q-table: %w", err)
	}
	return s, nil
}

// sizeLimit returns the bytes that a table of these servers can need at most.
func sizeLimit(servers []string) int64 {
	const header, perRow, perCell, perID = 1024, 80, 100, 16
	n := int64(len(servers))
	bytes := header + int64(rowLimit(len(servers))+1)*(perRow+n*(perCell+1))
	for _, id := range servers {
		bytes += perID + 6*int64(len(id)) // JSON writes a byte as at most six
	}
	return bytes
}

func trailing(decoder *json.Decoder) bool {
	_, err := decoder.Token()
	return !errors.Is(err, io.EOF)
}

// check tells what keeps s from being a table of these servers. JSON has no NaN or infinity and
// the decoder refuses numbers out of range, so all that were read are finite.
func (s Saved) check(rule rule, servers []string) error {
	if s.Version != savedVersion {
		return fmt.Errorf("it has version %d, this program reads version %d", s.Version, savedVersion)
	}
	if s.Kind != rule.kind {
		return fmt.Errorf("it is of kind %q, not %q", s.Kind, rule.kind)
	}
	if !slices.Equal(s.Servers, servers) {
		return fmt.Errorf("it is for servers %q, not %q", s.Servers, servers)
	}
	if s.Requests < 0 {
		return fmt.Errorf("requests: %d is below 0", s.Requests)
	}
	if limit := rowLimit(len(servers)) + 1; len(s.Rows) > limit {
		return fmt.Errorf("it has %d rows, more than %d", len(s.Rows), limit)
	}
	seen := make(map[string]bool, len(s.Rows))
	for i, r := range s.Rows {
		if err := r.check(rule, len(servers)); err != nil {
			return fmt.Errorf("rows[%d]: %w", i, err)
		}
		if seen[r.State] {
			return fmt.Errorf("rows[%d]: state %q is there twice", i, r.State)
		}
		seen[r.State] = true
	}
	return nil
}

func (r SavedRow) check(rule rule, servers int) error {
	if r.State != overflowState && (len(r.State) != servers || strings.Trim(r.State, "lmh") != "") {
		return fmt.Errorf("state %q is not %d letters of l, m and h", r.State, servers)
	}
	if len(r.Q) != servers || len(r.Visits) != servers {
		return fmt.Errorf("%d values and %d visits, not %d of each", len(r.Q), len(r.Visits), servers)
	}
	if !rule.twins {
		if r.Twins[0] != nil || r.Twins[1] != nil {
			return errors.New("it has twins, which this learner does not keep")
		}
		return nil
	}
	if len(r.Twins[0]) != servers || len(r.Twins[1]) != servers {
		return fmt.Errorf("twins of %d and %d values, not %d of each", len(r.Twins[0]), len(r.Twins[1]), servers)
	}
	for i, q := range r.Q {
		if q != mean(r.Twins[0][i], r.Twins[1][i]) {
			return fmt.Errorf("q[%d] = %v is not the mean of its twins", i, q)
		}
	}
	return nil
}
