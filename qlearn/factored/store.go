package factored

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	savedFormat   = "slbtui/q_factored"
	savedVersion  = 1
	maxStoreBytes = 16 << 20 // 24 levels take about 1 kB a server
	maxVisits     = 1 << 52  // so that sums can't overflow
)

// savedTable is the file of a table: plain JSON, every float64 exact. What fades within seconds (speed
// factors, alarms, failure rates) is not part of it, and what follows from the measurements is
// computed anew.
type savedTable struct {
	Format  string        `json:"format"`
	Version int           `json:"version"`
	Updates uint64        `json:"updates"`
	Servers []savedColumn `json:"servers"`
}

type savedColumn struct {
	ID     string    `json:"id"`
	Spread float64   `json:"spread"`
	MeanMS []float64 `json:"mean_ms"`
	Visits []uint64  `json:"visits"`
}

// Save writes what was learned. servers names the columns; Load wants the same names again.
func (f *Learner) Save(w io.Writer, servers []string) error {
	if len(servers) != len(f.servers) {
		return fmt.Errorf("save q_factored table: %d server ids for %d servers", len(servers), len(f.servers))
	}
	file := savedTable{Format: savedFormat, Version: savedVersion, Updates: f.updates}
	for i := range f.servers {
		s := &f.servers[i]
		file.Servers = append(file.Servers, savedColumn{servers[i], s.drift.spread, s.mean[:], s.visits[:]})
	}
	data, err := json.MarshalIndent(file, "", " ")
	if err != nil {
		return fmt.Errorf("save q_factored table: %w", err)
	}
	if _, err := w.Write(append(data, '\n')); err != nil {
		return fmt.Errorf("save q_factored table: %w", err)
	}
	return nil
}

// Load replaces what was learned by a saved table of the same servers in the same order. On any
// error the learner is unchanged.
func (f *Learner) Load(r io.Reader, servers []string) error {
	data, err := io.ReadAll(io.LimitReader(r, maxStoreBytes+1))
	if err != nil {
		return fmt.Errorf("load q_factored table: %w", err)
	}
	if len(data) > maxStoreBytes {
		return fmt.Errorf("load q_factored table: larger than %d bytes", maxStoreBytes)
	}
	var file savedTable
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return fmt.Errorf("load q_factored table: not a saved table, or damaged: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("load q_factored table: damaged: something follows the table")
	}
	if err := file.validate(servers, len(f.servers)); err != nil {
		return fmt.Errorf("load q_factored table: %w", err)
	}
	f.restore(file)
	return nil
}

func (f *Learner) restore(file savedTable) {
	f.Reset()
	f.updates = file.Updates
	for i, column := range file.Servers {
		s := &f.servers[i]
		s.drift.spread = column.Spread
		copy(s.mean[:], column.MeanMS)
		copy(s.visits[:], column.Visits)
		for _, k := range column.Visits {
			s.measured += k
		}
		if s.measured > 0 {
			f.fit(s)
		}
	}
	f.repool()
}

func (file savedTable) validate(servers []string, columns int) error {
	if file.Format != savedFormat || file.Version != savedVersion {
		return fmt.Errorf("format %q version %d, want %q version %d", file.Format, file.Version, savedFormat, savedVersion)
	}
	ids := make([]string, len(file.Servers))
	for i, column := range file.Servers {
		ids[i] = column.ID
	}
	if len(servers) != columns || !slices.Equal(ids, servers) {
		return fmt.Errorf("saved for servers %q, running with %q: use the same servers in the same order, or start without it", ids, servers)
	}
	for _, column := range file.Servers {
		if err := column.validate(); err != nil {
			return fmt.Errorf("damaged: server %q: %w", column.ID, err)
		}
	}
	return nil
}

func (c savedColumn) validate() error {
	if len(c.MeanMS) != levels || len(c.Visits) != levels {
		return fmt.Errorf("%d means and %d visits, want %d of each", len(c.MeanMS), len(c.Visits), levels)
	}
	if !within(c.Spread, 0, spreadPerAbs*driftClip) {
		return fmt.Errorf("spread %g out of range", c.Spread)
	}
	for b, mean := range c.MeanMS {
		if !within(mean, 0, maxLatencyMS) || (mean == 0) != (c.Visits[b] == 0) || c.Visits[b] > maxVisits {
			return fmt.Errorf("level %s: mean %g ms of %d visits out of range", levelLabel(b), mean, c.Visits[b])
		}
	}
	return nil
}

// within is false for NaN too.
func within(x, low, high float64) bool { return x >= low && x <= high }
