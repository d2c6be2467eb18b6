package shared

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"slbtui/qlearn"
)

const (
	savedFormat   = "slbtui/q_network"
	savedVersion  = 1
	maxStoreBytes = 16 << 20 // about 1 kB a server
	maxVisits     = 1 << 52  // so that sums can't overflow
)

// savedState is the file of what was measured: plain JSON, every float64 exact. The network is not part of
// it: it comes with the program. Times are ages, since the next run counts anew.
type savedState struct {
	Format  string        `json:"format"`
	Version int           `json:"version"`
	Updates uint64        `json:"updates"`
	Servers []savedServer `json:"servers"`
}

type savedServer struct {
	ID          string    `json:"id"`
	Visits      []uint64  `json:"visits"`
	MeanMS      []float64 `json:"mean_ms"`
	FastMS      float64   `json:"fast_ms"`
	SlowMS      float64   `json:"slow_ms"`
	LastMS      float64   `json:"last_ms"`
	LeastMS     float64   `json:"least_ms"`
	Spread      float64   `json:"spread"`
	Drift       float64   `json:"drift"`
	AgeS        float64   `json:"age_s"` // of the last answer
	Answers     float64   `json:"answers"`
	Failures    float64   `json:"failures"`
	FailuresAge float64   `json:"failures_age_s"`
	Refusals    float64   `json:"refusals"`
	RefusalsAge float64   `json:"refusals_age_s"`
	Picks       float64   `json:"picks"`
	PicksAge    float64   `json:"picks_age_s"`
	InFlight    int       `json:"in_flight"` // in the situation that the table shows
}

// Save writes what was measured. servers names the columns; Load wants the same names again.
func (l *Learner) Save(w io.Writer, servers []string) error {
	if len(servers) != len(l.servers) {
		return fmt.Errorf("save q_network: %d server ids for %d servers", len(servers), len(l.servers))
	}
	file := savedState{Format: savedFormat, Version: savedVersion, Updates: l.updates}
	for i := range l.servers {
		s := &l.servers[i]
		age := func(at float64) float64 { return max(0, l.now-at) }
		file.Servers = append(file.Servers, savedServer{
			ID: servers[i], Visits: s.curve.visits[:], MeanMS: s.curve.mean[:],
			FastMS: s.fast, SlowMS: s.slow, LastMS: s.last, LeastMS: s.least, Spread: s.spread, Drift: s.drift, AgeS: age(s.at), Answers: s.answers,
			Failures: s.failures, FailuresAge: age(s.failedAt), Refusals: s.refusals, RefusalsAge: age(s.refusedAt),
			Picks: s.picks, PicksAge: age(s.pickedAt), InFlight: s.inFlight,
		})
	}
	data, err := json.MarshalIndent(file, "", " ")
	if err == nil {
		_, err = w.Write(append(data, '\n'))
	}
	if err != nil {
		return fmt.Errorf("save q_network: %w", err)
	}
	return nil
}

// Load replaces what was measured by what was saved of the same servers in the same order. On any error the
// learner is unchanged.
func (l *Learner) Load(r io.Reader, servers []string) error {
	data, err := io.ReadAll(io.LimitReader(r, maxStoreBytes+1))
	if err != nil {
		return fmt.Errorf("load q_network: %w", err)
	}
	if len(data) > maxStoreBytes {
		return fmt.Errorf("load q_network: larger than %d bytes", maxStoreBytes)
	}
	var file savedState
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return fmt.Errorf("load q_network: not what was saved, or damaged: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("load q_network: damaged: something follows the servers")
	}
	if err := file.check(servers, len(l.servers)); err != nil {
		return fmt.Errorf("load q_network: %w", err)
	}
	l.restore(file)
	return nil
}

func (l *Learner) restore(file savedState) {
	l.Reset()
	l.updates = file.Updates
	for i, saved := range file.Servers {
		s := &l.servers[i]
		copy(s.curve.visits[:], saved.Visits)
		copy(s.curve.mean[:], saved.MeanMS)
		for _, k := range saved.Visits {
			s.measured += k
		}
		s.fast, s.slow, s.last, s.least, s.spread, s.drift = saved.FastMS, saved.SlowMS, saved.LastMS, saved.LeastMS, saved.Spread, saved.Drift
		s.answers, s.failures, s.picks, s.inFlight = saved.Answers, saved.Failures, saved.Picks, saved.InFlight
		s.at, s.failedAt, s.pickedAt = -saved.AgeS, -saved.FailuresAge, -saved.PicksAge
		s.refusals, s.refusedAt = saved.Refusals, -saved.RefusalsAge
		if s.measured > 0 {
			s.curve.fill()
			s.logs()
		}
	}
}

func (file savedState) check(servers []string, columns int) error {
	if file.Format != savedFormat || file.Version != savedVersion {
		return fmt.Errorf("format %q version %d, want %q version %d", file.Format, file.Version, savedFormat, savedVersion)
	}
	ids := make([]string, len(file.Servers))
	for i, s := range file.Servers {
		ids[i] = s.ID
	}
	if len(servers) != columns || !slices.Equal(ids, servers) {
		return fmt.Errorf("saved for servers %q, running with %q: use the same servers in the same order, or start without it", ids, servers)
	}
	for _, s := range file.Servers {
		if err := s.check(); err != nil {
			return fmt.Errorf("damaged: server %q: %w", s.ID, err)
		}
	}
	return nil
}

func (s savedServer) check() error {
	if len(s.Visits) != levels || len(s.MeanMS) != levels {
		return fmt.Errorf("%d means and %d visits, want %d of each", len(s.MeanMS), len(s.Visits), levels)
	}
	measured := false
	for b, mean := range s.MeanMS {
		visited := s.Visits[b] > 0
		if s.Visits[b] > maxVisits || visited && !within(mean, minLatencyMS, maxLatencyMS) || !visited && mean != 0 {
			return fmt.Errorf("level %s: mean %g ms of %d visits out of range", qlearn.InFlightLabel(b), mean, s.Visits[b])
		}
		measured = measured || visited
	}
	for _, ms := range []float64{s.FastMS, s.SlowMS, s.LastMS, s.LeastMS} {
		if measured && !within(ms, minLatencyMS, maxLatencyMS) || !measured && ms != 0 {
			return fmt.Errorf("latency %g ms out of range", ms)
		}
	}
	for _, age := range []float64{s.AgeS, s.FailuresAge, s.RefusalsAge, s.PicksAge} {
		if !within(age, 0, math.MaxInt64/1e9) {
			return fmt.Errorf("age %g s out of range", age)
		}
	}
	if !within(s.Spread, 0, 2) || !within(s.Drift, -2, 2) || !within(s.Failures, 0, 1) || !within(s.Refusals, 0, 1) || !within(s.Picks, 0, maxVisits) || !within(s.Answers, 0, maxVisits) || s.InFlight < 0 {
		return errors.New("a measure is out of range")
	}
	return nil
}

// within is false for NaN too.
func within(x, low, high float64) bool { return x >= low && x <= high }
