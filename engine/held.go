package engine

import (
	"fmt"
	"slices"

	"slbtui/engine/config"
	"slbtui/loadgen"
)

// began is what the options change of the load before it is made.
func (o *Options) began(cfg config.Config) func(*loadgen.Config) {
	return func(c *loadgen.Config) {
		c.Paused = o.Attended && reachesOthers(cfg)
		if o.Load != nil {
			o.Load(c)
		}
	}
}

// reachesOthers tells whether the load reaches anything that is not simulated.
func reachesOthers(cfg config.Config) bool {
	return cfg.Traffic.TargetURL != "" || cfg.Discovery.On() || slices.ContainsFunc(cfg.Servers, func(s config.Server) bool { return s.URL != "" })
}

// Held says why the load begins paused, though nobody has paused it; it is empty where it doesn't. Call it after
// Listen and before Run.
func (e *Engine) Held() string {
	if e.load == nil || !e.load.generator.Stats().Paused {
		return ""
	}
	return fmt.Sprintf("paused: %.4g requests/s would go to servers that are not simulated", e.load.start)
}
