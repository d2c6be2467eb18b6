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
	savedVersion  = 2
	oldVersion    = 1        // without what is said of it in savedTable
	maxStoreBytes = 16 << 20 // 24 levels take about 1 kB a server
	maxVisits     = 1 << 52  // so that sums can't overflow
	maxBias       = 20.0     // a mean of logarithms that is further off is none
)

// savedTable is the file of a table: plain JSON, every float64 exact. What fades within seconds (speed
// factors, alarms, failure rates) is not part of it, and what follows from the measurements is
// computed anew. Version 1 had neither balancers nor bias nor dependence: it is taken for one that was
// learned alone, with independent lognormal times.
type savedTable struct {
	Format     string        `json:"format"`
	Version    int           `json:"version"`
	Updates    uint64        `json:"updates"`
	Balancers  int           `json:"balancers"`  // among how many it was learned
	Bias       float64       `json:"bias"`       // see calm
	Dependence float64       `json:"dependence"` // see calm
	Servers    []savedColumn `json:"servers"`
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
	file := savedTable{
		Format: savedFormat, Version: savedVersion, Updates: f.updates,
		Balancers: f.cfg.Balancers, Bias: f.calm.bias, Dependence: f.calm.k2,
	}
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

// Load replaces what was learned by a saved table of the same servers in the same order. Of one that was
// learned among another number of balancers it takes over what does not depend on that, and Partial says
// so. On any error the learner is unchanged.
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
	if file.Version == oldVersion {
		file.upgrade()
	}
	if err := file.validate(servers, len(f.servers)); err != nil {
		return fmt.Errorf("load q_factored table: %w", err)
	}
	f.restore(file)
	f.transfer(file.Balancers)
	return nil
}

func (f *Learner) restore(file savedTable) {
	f.Reset()
	f.updates = file.Updates
	f.calm.bias, f.calm.k2 = file.Bias, file.Dependence
	f.calm.samples, f.calm.blocks = 1/biasRate, 1/blockRate
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

// upgrade fills in what version 1 did not say.
func (file *savedTable) upgrade() {
	file.Version, file.Balancers, file.Dependence = savedVersion, 1, 1
	for _, c := range file.Servers {
		file.Bias -= c.Spread * c.Spread / 2 / float64(len(file.Servers))
	}
}

func (file *savedTable) validate(servers []string, columns int) error {
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
	switch {
	case file.Balancers < 1 || file.Balancers > MaxBalancers:
		return fmt.Errorf("damaged: learned among %d balancers", file.Balancers)
	case !within(file.Bias, -maxBias, maxBias) || !within(file.Dependence, 0, maxDependence):
		return fmt.Errorf("damaged: bias %g or dependence %g out of range", file.Bias, file.Dependence)
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
