package admin

import (
	"github.com/prometheus/client_golang/prometheus"

	"slbtui/engine/live"
)

func found(kind prometheus.ValueType, name, help string, value func(live.Discovery) float64) family[live.Discovery] {
	return family[live.Discovery]{desc(name, help, "source"), kind, value}
}

// discovery are the metrics of where servers are found.
var discovery = []family[live.Discovery]{
	found(gauge, "slbtui_discovery_up", "1 while the source of servers answers, 0 while the servers of before stay for want of an answer.", func(d live.Discovery) float64 {
		return oneIf(d.Up)
	}),
	found(gauge, "slbtui_discovery_servers", "Servers found by the last good answer.", func(d live.Discovery) float64 { return float64(d.Servers) }),
	found(counter, "slbtui_discovery_changes_total", "Lists of servers that have been used.", func(d live.Discovery) float64 { return float64(d.Changes) }),
	found(counter, "slbtui_discovery_failures_total", "Answers that were none, or empty.", func(d live.Discovery) float64 { return float64(d.Failures) }),
}

// collectDiscovery tells nothing where the configuration names the servers.
func collectDiscovery(out chan<- prometheus.Metric, d *live.Discovery) {
	if d == nil {
		return
	}
	for _, f := range discovery {
		f.collect(out, *d, d.Source)
	}
}
