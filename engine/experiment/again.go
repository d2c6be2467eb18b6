package experiment

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/play"
	"slbtui/engine/simulate"
	"slbtui/loadgen"
)

// Again is a run that somebody watches, in which what was recorded happens again and again.
type Again struct {
	Name   string // of the recording, for who watches
	World  simulate.Scenario
	Trace  []simulate.Request
	Speed  float64       // so many times the traffic: the same requests, closer together; above 0
	Config config.Config // the policies' parameters, timeouts and limits; its servers and its load are not used
}

// maxSpeed bounds Again.Speed.
const maxSpeed = 100

// Set says of a run, whose other options are set, what belongs to the recording, and returns its configuration.
func (a Again) Set(o *engine.Options) (config.Config, error) {
	var none config.Config
	if !(a.Speed >= 1.0/maxSpeed && a.Speed <= maxSpeed) {
		return none, fmt.Errorf("speed %v: must be within %v-%d", a.Speed, 1.0/maxSpeed, maxSpeed)
	}
	if err := a.World.Validate(); err != nil {
		return none, fmt.Errorf("scenario %s: %w", a.World.Name, err)
	}
	for _, key := range a.World.Uses() {
		if slices.Contains(virtualOnly, key) && key != simulate.KeyOut { // that is a drained server
			return none, fmt.Errorf("scenario %s: %s exists in virtual time only; use slbtui simulate", a.World.Name, key)
		}
	}
	if len(a.Trace) == 0 {
		return none, errors.New("no request was recorded")
	}
	faster := func(d time.Duration) time.Duration { return time.Duration(float64(d) / a.Speed) }
	at := due(a.Trace)
	for i := range at {
		at[i] = faster(at[i])
	}
	day := &play.Day{Name: a.Name, Speed: a.Speed, Length: max(faster(a.World.Duration), at[len(at)-1]+1), Faults: slices.Clone(a.World.Faults)}
	for i := range day.Faults {
		day.Faults[i].At, day.Faults[i].For = faster(day.Faults[i].At), faster(day.Faults[i].For)
	}
	plan := Plan{Scenario: a.World, Config: a.Config}
	cfg := plan.config()
	cfg.LoadBalancer.Host, cfg.LoadBalancer.Port = a.Config.LoadBalancer.Host, a.Config.LoadBalancer.Port
	cfg.Traffic.RequestRate = float64(len(at)) / day.Length.Seconds() // what there is to show of it
	if err := cfg.Validate(); err != nil {
		return none, err
	}
	o.Replay, o.Backend = day, plan.backend
	o.Load = func(c *loadgen.Config) {
		c.Schedule, c.Duration = loadgen.NewLoop(at, day.Length), 0
		c.Prepare = func(seq uint64, r *http.Request) { bring(a.Trace[(seq-1)%uint64(len(a.Trace))], r.Header) }
		c.Until = until(a.Trace)
	}
	return cfg, nil
}
