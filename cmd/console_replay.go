package cmd

import (
	"errors"
	"fmt"
	"path/filepath"

	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/experiment"
	"slbtui/engine/simulate"
)

// replayFlags say what happens in the console instead of the configuration's servers and load.
type replayFlags struct {
	recording, scenario, scenarioFile string
	speed                             float64
}

// asked tells whether there is any of it.
func (f *replayFlags) asked() bool {
	return f.recording != "" || f.scenario != "" || f.scenarioFile != ""
}

// set makes a run one of what was recorded, where that was asked for, and returns its configuration.
func (f *replayFlags) set(o *engine.Options, cfg config.Config) (config.Config, error) {
	if !f.asked() {
		if f.speed != 1 {
			return cfg, errors.New("--speed: is of what is replayed; add --replay, --scenario or --scenario-file")
		}
		return cfg, nil
	}
	again, err := f.again(o.Seed)
	if err != nil {
		return cfg, err
	}
	again.Speed, again.Config = f.speed, cfg
	next, err := again.Set(o)
	if err != nil {
		return cfg, fmt.Errorf("replay of %s: %w", again.Name, err)
	}
	return next, nil
}

// again is what was asked for: the requests of a recording, or those that a scenario draws.
func (f *replayFlags) again(seed uint64) (experiment.Again, error) {
	if f.recording != "" {
		r, err := readRecording(f.recording)
		if err != nil {
			return experiment.Again{}, err
		}
		return experiment.Again{Name: filepath.Base(f.recording), World: r.Scenario, Trace: r.Traces[0]}, nil
	}
	sc, err := f.world()
	if err != nil {
		return experiment.Again{}, err
	}
	trace, err := simulate.Trace(sc, seed)
	return experiment.Again{Name: sc.Name, World: sc, Trace: trace}, err
}

func (f *replayFlags) world() (simulate.Scenario, error) {
	if f.scenario != "" {
		return simulate.Lookup(f.scenario)
	}
	source, err := config.ReadSource(f.scenarioFile)
	if err != nil {
		return simulate.Scenario{}, err
	}
	return simulate.ParseScenario(f.scenarioFile, source.Data)
}
