package experiment

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"slbtui/engine/comparison"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// Recording is what can be run again: the world, and what was asked of it. What became of the
// requests is checked when it is read, and not kept.
type Recording struct {
	Scenario simulate.Scenario
	Policies []string // who took part
	Seeds    []uint64 // by repetition
	Traces   [][]simulate.Request
	Outcomes int // how many the file holds
}

// ReadRecording reads a recording. Name is that of the file, for errors of the form "name:line:
// problem". It refuses whatever is damaged, out of order or out of range, and a recording of more
// than ten million requests; 24 bytes of memory are used for each.
func ReadRecording(name string, r io.Reader) (Recording, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	var p reading
	n := 0
	for lines.Scan() {
		n++
		if err := p.line(lines.Bytes()); err != nil {
			return Recording{}, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	err := lines.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		err = fmt.Errorf("the line is longer than %d MiB: is it a recording?", maxLine>>20)
	case err == nil && n == 0:
		err = errors.New("the file is empty: is it a recording?")
	case err == nil && len(p.Traces) == 0:
		err = errors.New("the file ends before the first repetition")
	}
	if err != nil {
		return Recording{}, fmt.Errorf("%s:%d: %w", name, n+1, err)
	}
	return p.Recording, nil
}

// Plan is an experiment with other policies on what was recorded. The rest is the caller's to fill.
func (r Recording) Plan(policies []string) Plan {
	return Plan{Scenario: r.Scenario, Policies: policies, Repetitions: len(r.Traces), Seed: r.Seeds[0], Traces: r.Traces}
}

// Simulation is the same in virtual time.
func (r Recording) Simulation(policies []string, opts policy.Options) comparison.Plan {
	return comparison.Plan{
		Scenarios: []simulate.Scenario{r.Scenario}, Policies: policies, Seeds: r.Seeds, Traces: r.Traces, Options: opts,
	}
}

// reading is a Recording being read.
type reading struct {
	Recording
	headed   bool
	requests int
}

func (p *reading) line(text []byte) error {
	var what struct {
		Is string `json:"is"`
	}
	if err := json.Unmarshal(text, &what); err != nil {
		return fmt.Errorf("damaged: %w", err)
	}
	if p.headed == (what.Is == "recording") {
		return fmt.Errorf(`%q: a recording begins with its head, {"is":"recording",...}, and has one`, what.Is)
	}
	switch what.Is {
	case "recording":
		return p.head(text)
	case "repetition":
		return p.repetition(text)
	case "request":
		return p.request(text)
	case "outcome":
		return p.outcome(text)
	}
	return fmt.Errorf("%q is no kind of line", what.Is)
}

func (p *reading) head(text []byte) error {
	var l headLine
	// The version first: in another, the other fields may have changed.
	var v struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return fmt.Errorf("damaged: %w", err)
	}
	if v.Version < 1 || v.Version > recordingVersion {
		return fmt.Errorf("version %d of the format; this program reads versions 1 to %d", v.Version, recordingVersion)
	}
	if err := strict(text, &l); err != nil {
		return err
	}
	p.headed = true
	p.Scenario, p.Policies = l.Scenario.scenario(), l.Policies
	if err := p.Scenario.Validate(); err != nil {
		return fmt.Errorf("scenario: %w", err)
	}
	return nil
}

func (p *reading) repetition(text []byte) error {
	var l repetitionLine
	if err := strict(text, &l); err != nil {
		return err
	}
	if l.N != len(p.Traces)+1 || l.N > MaxRepetitions {
		return fmt.Errorf("repetition %d follows repetition %d", l.N, len(p.Traces))
	}
	p.Seeds, p.Traces = append(p.Seeds, l.Seed), append(p.Traces, nil)
	return nil
}

func (p *reading) request(text []byte) error {
	var l requestLine
	if err := strict(text, &l); err != nil {
		return err
	}
	if len(p.Traces) == 0 {
		return errors.New("a request before the first repetition")
	}
	trace := &p.Traces[len(p.Traces)-1]
	last := simulate.Request{}
	if n := len(*trace); n > 0 {
		last = (*trace)[n-1]
	}
	switch {
	case l.N != uint64(len(*trace))+1:
		return fmt.Errorf("request %d follows request %d: a line is missing, or there twice", l.N, len(*trace))
	case l.Due < last.Due || l.Due >= p.Scenario.Duration:
		return fmt.Errorf("due_ns: %d is not within %d (the request before) and %d (the scenario's duration)", l.Due, last.Due, p.Scenario.Duration)
	case math.Abs(l.Size) > 10:
		return fmt.Errorf("size: %v is not within -10 and 10", l.Size)
	case l.Luck < 0 || l.Luck >= 1:
		return fmt.Errorf("luck: %v is not within 0 and 1", l.Luck)
	case !(l.Factor >= 0 && l.Factor <= simulate.MaxFactor):
		return fmt.Errorf("factor: %v is not within 0 and %d", l.Factor, simulate.MaxFactor)
	case l.Hold < 0 || l.Hold > maxHeld:
		return fmt.Errorf("hold_ns: %v is not within 0 and %v", l.Hold, maxHeld)
	case l.Balancer < 0 || l.Balancer >= max(1, p.Scenario.Balancers):
		return fmt.Errorf("balancer: there is no %d among %d, from 0 on", l.Balancer, max(1, p.Scenario.Balancers))
	}
	if p.requests++; p.requests > maxRecorded {
		return fmt.Errorf("more than %d requests", maxRecorded)
	}
	*trace = append(*trace, l.request())
	return nil
}

func (p *reading) outcome(text []byte) error {
	var l outcomeLine
	if err := strict(text, &l); err != nil {
		return err
	}
	if len(p.Traces) == 0 || l.N < 1 || l.N > uint64(len(p.Traces[len(p.Traces)-1])) {
		return fmt.Errorf("outcome of request %d, which is not in this repetition", l.N)
	}
	if l.Latency < 0 || l.Policy == "" {
		return errors.New("an outcome has a policy, and a latency that is not negative")
	}
	p.Outcomes++
	return nil
}

// strict reads one JSON object with no key that does not belong there.
func strict(text []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(text)) // that there is one object only, line has checked
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("damaged: %w", err)
	}
	return nil
}
