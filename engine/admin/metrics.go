package admin

import (
	"net/http"

	"slbtui/engine"
	"slbtui/engine/exposition"
)

// states are the values of the label state.
var states = []string{"ok", "SLOW", "DOWN", "EJECTED", "DRAINING"}

// metrics writes what the engine counts anyway, as it is when asked: nothing is kept twice, and the
// request path pays for the histograms alone. Labels are servers, learners, policies and constants.
func (s *Server) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", exposition.ContentType)
	out := exposition.NewWriter(w)
	s.requests.Write(out)
	if snap := s.engine.Snapshot(); snap != nil {
		writeServers(out, snap)
		writeLearners(out, snap)
		one(out, "process_cpu_cores", "gauge", "Cores busy over the last second.", snap.Cost.CPU)
		one(out, "process_start_time_seconds", "gauge", "Start of the run, in seconds since 1970.", float64(snap.Started.UnixMilli())/1000)
	}
	exposition.WriteProcess(out)
	_ = out.Flush() // who asked may have left
}

func one(out *exposition.Writer, name, kind, help string, value float64, labels ...exposition.Label) {
	out.Family(name, kind, help)
	out.Sample(name, value, labels...)
}

// each writes a family with a sample per element.
func each[T any](out *exposition.Writer, all []T, name, kind, help, label string, id func(T) string, value func(T) float64) {
	out.Family(name, kind, help)
	for _, v := range all {
		out.Sample(name, value(v), exposition.Label{Name: label, Value: id(v)})
	}
}

func writeServers(out *exposition.Writer, snap *engine.Snapshot) {
	server := func(name, kind, help string, value func(engine.Server) float64) {
		each(out, snap.Servers, name, kind, help, "upstream", func(s engine.Server) string { return s.ID }, value)
	}
	server("slbtui_upstream_in_flight", "gauge", "Requests handed to the server and not yet completed.", func(s engine.Server) float64 { return float64(s.InFlight) })
	server("slbtui_upstream_oldest_seconds", "gauge", "Age of the oldest request in flight.", func(s engine.Server) float64 { return s.OldestAge.Seconds() })
	server("slbtui_upstream_requests_total", "counter", "Last attempts of requests.", func(s engine.Server) float64 { return float64(s.Requests) })
	server("slbtui_upstream_failures_total", "counter", "Of those, the ones the server failed.", func(s engine.Server) float64 { return float64(s.Failures) })
	server("slbtui_upstream_ejections_total", "counter", "Times the server was ejected for failing its requests.", func(s engine.Server) float64 { return float64(s.Ejections) })
	server("slbtui_upstream_up", "gauge", "1 while the server gets requests, 0 while it is down, ejected or drained.", func(s engine.Server) float64 {
		if s.State == "ok" || s.State == "SLOW" {
			return 1
		}
		return 0
	})
	out.Family("slbtui_upstream_state", "gauge", "1 for the state the server is in.")
	for _, s := range snap.Servers {
		for _, state := range states {
			value := 0.0
			if s.State == state {
				value = 1
			}
			out.Sample("slbtui_upstream_state", value, exposition.Label{Name: "upstream", Value: s.ID}, exposition.Label{Name: "state", Value: state})
		}
	}
}

func writeLearners(out *exposition.Writer, snap *engine.Snapshot) {
	one(out, "slbtui_policy_info", "gauge", "1 for the policy that routes.", 1, exposition.Label{Name: "policy", Value: snap.Policy})
	learner := func(name, kind, help string, value func(engine.Learner) float64) {
		each(out, snap.Learners, name, kind, help, "learner", func(l engine.Learner) string { return l.Name }, value)
	}
	learner("slbtui_learner_updates_total", "counter", "Results that have moved the table.", func(l engine.Learner) float64 { return float64(l.Stats.Updates) })
	learner("slbtui_learner_delta_q", "gauge", "Running mean of |change of Q|.", func(l engine.Learner) float64 { return l.Stats.DeltaQ })
	learner("slbtui_learner_epsilon", "gauge", "Exploration rate of now.", func(l engine.Learner) float64 { return l.Stats.Epsilon })
	learner("slbtui_learner_reward", "gauge", "Running mean of the reward.", func(l engine.Learner) float64 { return l.Stats.Reward })
	learner("slbtui_learner_agreement_ratio", "gauge", "Share of recent decisions that it would have made alike.", func(l engine.Learner) float64 { return l.Agreement })
	out.Family("slbtui_learner_param", "gauge", "Its parameters, such as epsilon.")
	for _, l := range snap.Learners {
		for _, p := range l.Params {
			out.Sample("slbtui_learner_param", p.Value, exposition.Label{Name: "learner", Value: l.Name}, exposition.Label{Name: "param", Value: p.Name})
		}
	}
}
