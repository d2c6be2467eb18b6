package deep

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"slbtui/qlearn"
	"slbtui/qlearn/net"
)

const (
	savedFormat  = "slbtui/dqn"
	savedVersion = 1
	maxVisits    = 1 << 52
	maxBytes     = 128 << 20
)

// Saved is what an Agent has learned, apart from the agent: Save copies it out (quick, under the caller's lock),
// Write puts it into a file (slow, without). The replay is not part of it, nor are the parameters.
type Saved struct {
	file   savedFile
	online *net.Network
}

type savedFile struct {
	Format   string          `json:"format"`
	Version  int             `json:"version"`
	Servers  []string        `json:"servers"`
	Episodes uint64          `json:"episodes"`
	Requests int             `json:"requests"` // of the unfinished episode
	Updates  uint64          `json:"updates"`
	Visits   [][]uint64      `json:"visits"` // by server and level of its requests in flight
	State    []float32       `json:"state"`  // of the latest decision, for the table
	Network  json.RawMessage `json:"network"`
}

// Save copies what was learned. servers are the ids of the columns, in order; it fails when there are not as
// many as servers.
func (a *Agent) Save(servers []string) (Saved, error) {
	if len(servers) != a.servers {
		return Saved{}, fmt.Errorf("saving a network of %d servers under %d server ids", a.servers, len(servers))
	}
	a.prepare()
	episodes, requests := a.Progress()
	s := Saved{online: a.online.Clone(), file: savedFile{
		Format: savedFormat, Version: savedVersion, Servers: slices.Clone(servers),
		Episodes: episodes, Requests: requests, Updates: a.updates, State: slices.Clone(a.state()),
	}}
	if s.file.State == nil {
		s.file.State = make([]float32, perServer*a.servers)
	}
	for i := range a.visits {
		s.file.Visits = append(s.file.Visits, slices.Clone(a.visits[i][:]))
	}
	return s, nil
}

// Write writes s as JSON, which keeps every number exactly.
func (s Saved) Write(w io.Writer) error {
	var b bytes.Buffer
	if err := s.online.Write(&b); err != nil {
		return err
	}
	s.file.Network = b.Bytes()
	if err := json.NewEncoder(w).Encode(s.file); err != nil {
		return fmt.Errorf("writing the network: %w", err)
	}
	return nil
}

// Restore replaces what was learned by s, which it then owns. Serials given out before are no longer valid.
func (a *Agent) Restore(s Saved) {
	a.Resize(len(s.file.Servers))
	a.adopt(s.online)
	a.visits = make([][qlearn.InFlightLevels]uint64, a.servers)
	for i, v := range s.file.Visits {
		copy(a.visits[i][:], v)
	}
	a.restored = s.file.State
	a.updates = s.file.Updates
	a.Resume(s.file.Episodes, s.file.Requests)
}

// ReadSaved reads what Write wrote for these servers in this order. Its error says what about the file is wrong.
func (a *Agent) ReadSaved(r io.Reader, servers []string) (Saved, error) {
	s, err := read(r, servers, a.servers)
	if err != nil {
		return Saved{}, fmt.Errorf("reading the network: %w", err)
	}
	return s, nil
}

func read(r io.Reader, servers []string, columns int) (s Saved, err error) {
	limited := &io.LimitedReader{R: r, N: maxBytes + 1}
	d := json.NewDecoder(limited)
	d.DisallowUnknownFields()
	if err = d.Decode(&s.file); err == nil {
		if _, trailing := d.Token(); !errors.Is(trailing, io.EOF) {
			err = errors.New("something follows the network")
		}
	}
	if limited.N <= 0 {
		err = fmt.Errorf("it is longer than %d bytes", maxBytes)
	}
	if err == nil {
		err = s.file.check(servers, columns)
	}
	if err == nil {
		s.online, err = net.Read(bytes.NewReader(s.file.Network), (&Agent{servers: columns}).sizes()...)
	}
	return s, err
}

func (s savedFile) check(servers []string, columns int) error {
	switch {
	case s.Format != savedFormat || s.Version != savedVersion:
		return fmt.Errorf("format %q version %d, want %q version %d", s.Format, s.Version, savedFormat, savedVersion)
	case len(servers) != columns || !slices.Equal(s.Servers, servers):
		return fmt.Errorf("it is for servers %q, not %q", s.Servers, servers)
	case s.Requests < 0:
		return fmt.Errorf("requests: %d is below 0", s.Requests)
	case len(s.Visits) != columns || len(s.State) != perServer*columns:
		return fmt.Errorf("%d servers visited and a state of %d numbers, want %d and %d", len(s.Visits), len(s.State), columns, perServer*columns)
	}
	for i, visits := range s.Visits {
		if len(visits) != qlearn.InFlightLevels || slices.Max(visits) > maxVisits {
			return fmt.Errorf("visits[%d]: %v are not %d counts", i, visits, qlearn.InFlightLevels)
		}
	}
	for i, x := range s.State {
		if !(x >= 0 && x <= clipState) {
			return fmt.Errorf("state[%d]: %v is not within 0-%d", i, x, clipState)
		}
	}
	return nil
}
