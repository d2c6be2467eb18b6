package admin

import (
	"net/http"
	"regexp"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"slbtui/engine/live"
)

// newRegistry has what the engine, the process and its runtime tell when asked.
func newRegistry(snapshot func() *live.Snapshot) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		state{snapshot},
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(collectors.GoRuntimeMetricsRule{
			Matcher: regexp.MustCompile(`^(/gc/cycles/total:gc-cycles|/cpu/classes/gc/total:cpu-seconds)$`),
		})),
	)
	return registry
}

// expose writes a registry; a family that fails does not hide the others.
func expose(registry *prometheus.Registry) http.Handler {
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// metrics writes all there is, without what was counted of servers that are gone.
func (s *Server) metrics() handler {
	write := expose(s.registry)
	return func(w http.ResponseWriter, r *http.Request, _ caller) {
		if snap := s.engine.Snapshot(); snap != nil {
			ids := make(map[string]bool, len(snap.Servers))
			for _, server := range snap.Servers {
				ids[server.ID] = true
			}
			s.requests.keep(ids)
		}
		write.ServeHTTP(w, r)
	}
}

// state collects what the engine counts anyway, as it is when asked: nothing is kept twice, and the
// request path pays for the histograms alone. Labels are servers, learners, policies and constants.
type state struct{ snapshot func() *live.Snapshot }

// family is a metric with a value for each T.
type family[T any] struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(T) float64
}

func (f family[T]) collect(out chan<- prometheus.Metric, of T, labels ...string) {
	out <- prometheus.MustNewConstMetric(f.desc, f.kind, f.value(of), labels...)
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

func server(kind prometheus.ValueType, name, help string, value func(live.Server) float64) family[live.Server] {
	return family[live.Server]{desc(name, help, "upstream"), kind, value}
}

func learner(kind prometheus.ValueType, name, help string, value func(live.Learner) float64) family[live.Learner] {
	return family[live.Learner]{desc(name, help, "learner"), kind, value}
}

const (
	counter = prometheus.CounterValue
	gauge   = prometheus.GaugeValue
)

var (
	servers = []family[live.Server]{
		server(gauge, "slbtui_upstream_in_flight", "Requests handed to the server and not yet completed.", func(s live.Server) float64 { return float64(s.InFlight) }),
		server(gauge, "slbtui_upstream_oldest_seconds", "Age of the oldest request in flight.", func(s live.Server) float64 { return s.OldestAge.Seconds() }),
		server(counter, "slbtui_upstream_requests_total", "Last attempts of requests.", func(s live.Server) float64 { return float64(s.Requests) }),
		server(counter, "slbtui_upstream_failures_total", "Of those, the ones the server failed.", func(s live.Server) float64 { return float64(s.Failures) }),
		server(counter, "slbtui_upstream_ejections_total", "Times the server was ejected for failing its requests.", func(s live.Server) float64 { return float64(s.Ejections) }),
		server(gauge, "slbtui_upstream_up", "1 while the server gets requests, 0 while it is down, ejected or drained.", func(s live.Server) float64 {
			return oneIf(s.State.Takes())
		}),
	}
	learners = []family[live.Learner]{
		learner(counter, "slbtui_learner_updates_total", "Results that have moved the table.", func(l live.Learner) float64 { return float64(l.Stats.Updates) }),
		learner(gauge, "slbtui_learner_delta_q", "Running mean of |change of Q|.", func(l live.Learner) float64 { return l.Stats.DeltaQ }),
		learner(gauge, "slbtui_learner_epsilon", "Exploration rate of now.", func(l live.Learner) float64 { return l.Stats.Epsilon }),
		learner(gauge, "slbtui_learner_reward", "Running mean of the reward.", func(l live.Learner) float64 { return l.Stats.Reward }),
		learner(gauge, "slbtui_learner_agreement_ratio", "Share of recent decisions that it would have made alike.", func(l live.Learner) float64 { return l.Agreement }),
	}
	// Of the simulated servers alone: others do not tell what waits in them.
	serverQueue  = desc("slbtui_upstream_queued", "Requests that wait in the server for a worker, where it tells.", "upstream")
	waiting      = desc("slbtui_waiting_requests", "Requests in line for a place at a server, as limits ask for.")
	connections  = desc("slbtui_front_connections", "Open connections of clients, upgraded ones left out.", "front")
	accepted     = desc("slbtui_front_connections_total", "Connections of clients since the start.", "front")
	build        = desc("slbtui_build_info", "1 for the program that runs.", "version", "goversion")
	drift        = desc("slbtui_learner_drift_ratio", "How many times slower than its table a server was at the last explained decision.", "learner", "upstream")
	serverState  = desc("slbtui_upstream_state", "1 for the state the server is in.", "upstream", "state")
	learnerParam = desc("slbtui_learner_param", "Its parameters, such as epsilon.", "learner", "param")
	policyInfo   = desc("slbtui_policy_info", "1 for the policy that routes.", "policy")
	cpuCores     = desc("process_cpu_cores", "Cores busy over the last second.")
)

// Describe implements prometheus.Collector.
func (state) Describe(out chan<- *prometheus.Desc) {
	for _, f := range servers {
		out <- f.desc
	}
	for _, f := range learners {
		out <- f.desc
	}
	for _, f := range discovery {
		out <- f.desc
	}
	for _, d := range []*prometheus.Desc{
		serverQueue, waiting, connections, accepted, build, drift, serverState, learnerParam, policyInfo, cpuCores,
		clusterConnected, clusterReplicas, clusterBehind,
	} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c state) Collect(out chan<- prometheus.Metric) {
	snap := c.snapshot()
	if snap == nil { // before the run
		return
	}
	for _, s := range snap.Servers {
		for _, f := range servers {
			f.collect(out, s, s.ID)
		}
		if s.Simulated {
			out <- prometheus.MustNewConstMetric(serverQueue, gauge, float64(s.Queued), s.ID)
		}
		for _, state := range live.ServerStates() {
			out <- prometheus.MustNewConstMetric(serverState, gauge, oneIf(s.State == state), s.ID, string(state))
		}
	}
	for _, l := range snap.Learners {
		for _, f := range learners {
			f.collect(out, l, l.Name)
		}
		collectDrift(out, snap, &l)
		for _, p := range l.Params {
			out <- prometheus.MustNewConstMetric(learnerParam, gauge, p.Value, l.Name, p.Name)
		}
	}
	collectDiscovery(out, snap.Discovery)
	for _, f := range snap.Fronts {
		out <- prometheus.MustNewConstMetric(connections, gauge, float64(f.Connections), f.Listen)
		out <- prometheus.MustNewConstMetric(accepted, counter, float64(f.Accepted), f.Listen)
	}
	collectFleet(out, snap.Fleet)
	out <- prometheus.MustNewConstMetric(waiting, gauge, float64(snap.Waiting))
	out <- prometheus.MustNewConstMetric(build, gauge, 1, snap.Program, runtime.Version())
	out <- prometheus.MustNewConstMetric(policyInfo, gauge, 1, snap.Policy)
	out <- prometheus.MustNewConstMetric(cpuCores, gauge, snap.Cost.CPU)
}

// collectDrift tells how far servers are off their tables, as of the learner's last decision that was explained.
func collectDrift(out chan<- prometheus.Metric, snap *live.Snapshot, l *live.Learner) {
	if len(l.Decisions) == 0 || l.Table.Kind != "factored" {
		return
	}
	for _, e := range l.Decisions[len(l.Decisions)-1].Servers {
		if e.Known && e.Speed > 0 && e.Server >= 0 && e.Server < len(snap.Servers) {
			out <- prometheus.MustNewConstMetric(drift, gauge, e.Speed, l.Name, snap.Servers[e.Server].ID)
		}
	}
}

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
