package admin

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/routing/proxy"
)

// exported are the metrics that a balancer writes, with their labels.
func exported(t *testing.T) map[string][]string {
	t.Helper()
	snap := &live.Snapshot{
		Policy: "q_factored", Servers: []live.Server{{ID: "s1", Simulated: true, State: live.ServerOK}}, Fronts: []live.Front{{Listen: "127.0.0.1:8080"}},
		Fleet: &live.Fleet{Self: "a", Replicas: []live.Replica{{Name: "a", State: live.ReplicaServing}}},
		Learners: []live.Learner{{
			Name: "q_factored", Params: []live.Param{{Name: "epsilon"}}, Table: qlearn.Table{Kind: "factored"},
			Decisions: []live.Decision{{Servers: []qlearn.Explanation{{Known: true, Speed: 2}}}},
		}},
	}
	registry := newRegistry(func() *live.Snapshot { return snap })
	newRequests(registry).observe("s1", 200, 1, proxy.Retries{})
	families, err := registry.Gather()
	require.NoError(t, err)
	all := map[string][]string{"up": {"job", "instance"}} // Prometheus' own
	for _, f := range families {
		names := []string{"job", "instance"} // Prometheus' own
		for _, l := range f.Metric[0].Label {
			names = append(names, l.GetName())
		}
		all[f.GetName()] = names
		if f.GetType().String() == "HISTOGRAM" {
			all[f.GetName()+"_bucket"], all[f.GetName()+"_sum"], all[f.GetName()+"_count"] = append(slices.Clone(names), "le"), names, names
		}
	}
	return all
}

var (
	metricIn  = regexp.MustCompile(`\b(up|(?:slbtui|process|go)_[a-z0-9_]+)\b(?:\{([^}]*)\})?`)
	labelIn   = regexp.MustCompile(`([a-z_]+)\s*(?:=~|!~|!=|=)`)
	groupedIn = regexp.MustCompile(`\b(?:by|without)\s*\(([^)]*)\)`)
)

// requireExported checks that each metric of a query is written, with the labels that the query names.
func requireExported(t *testing.T, all map[string][]string, query string) {
	t.Helper()
	var of []string // labels of all metrics of the query
	found := metricIn.FindAllStringSubmatch(query, -1)
	require.NotEmpty(t, found, "no metric in %s", query)
	for _, m := range found {
		labels, ok := all[m[1]]
		require.True(t, ok, "%s is not exported: %s", m[1], query)
		of = append(of, labels...)
		for _, l := range labelIn.FindAllStringSubmatch(m[2], -1) {
			require.Contains(t, labels, l[1], query)
		}
	}
	for _, g := range groupedIn.FindAllStringSubmatch(query, -1) {
		for label := range strings.SplitSeq(g[1], ",") {
			require.Contains(t, of, strings.TrimSpace(label), query)
		}
	}
}

// Every metric and label that the dashboard names is exported.
func TestDashboard(t *testing.T) {
	text, err := os.ReadFile("../../docs/grafana/slbtui.json")
	require.NoError(t, err)
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr, LegendFormat string }
		}
		Templating struct {
			List []struct{ Type, Definition string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &board))
	all, panels := exported(t), ""
	for _, p := range board.Panels {
		panels += p.Title + "\n"
		for _, target := range p.Targets {
			requireExported(t, all, target.Expr)
			for _, m := range regexp.MustCompile(`\{\{(\w+)\}\}`).FindAllStringSubmatch(target.LegendFormat, -1) {
				name := metricIn.FindStringSubmatch(target.Expr)[1]
				require.Contains(t, all[name], m[1], "the legend of %s", p.Title)
			}
		}
	}
	for _, v := range board.Templating.List {
		if v.Type == "query" {
			requireExported(t, all, v.Definition)
			require.Contains(t, append(all["slbtui_learner_epsilon"], "job"), regexp.MustCompile(`, (\w+)\)$`).FindStringSubmatch(v.Definition)[1])
		}
	}
	for _, title := range []string{"Rate", "Latency", "Errors", "Share of requests", "epsilon", "|dQ|", "Agreement", "Drift"} {
		require.Contains(t, panels, title+"\n")
	}
}

// So is every one that an alert names, also in its words. promtool reads the rules in .ci/long.
func TestAlertRules(t *testing.T) {
	text, err := os.ReadFile("../../docs/grafana/slbtui.rules.yml")
	require.NoError(t, err)
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Annotations map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	all, rules := exported(t), 0
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			rules++
			requireExported(t, all, r.Expr)
			for _, text := range r.Annotations {
				for _, m := range regexp.MustCompile(`slbtui_[a-z_]+`).FindAllString(text, -1) {
					require.Contains(t, all, m, r.Alert)
				}
				for _, m := range regexp.MustCompile(`\$labels\.(\w+)`).FindAllStringSubmatch(text, -1) {
					require.Regexp(t, `(by \([^)]*\b`+m[1]+`\b|^[^(]*$|^increase|^min_over)`, r.Expr, "%s says %s", r.Alert, m[1])
				}
			}
		}
	}
	require.Positive(t, rules)
}

// The table of docs/serve.md names every metric of slbtui's own, if only by the end of its name.
func TestMetricsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/serve.md")
	require.NoError(t, err)
	has := func(name string) bool { return strings.Contains(string(text), "`"+name+"`") }
	for name := range exported(t) {
		if base, histogram := strings.CutSuffix(name, "_bucket"); histogram {
			name = base
		}
		if !strings.HasPrefix(name, "slbtui_") || strings.HasSuffix(name, "_seconds_sum") || strings.HasSuffix(name, "_seconds_count") {
			continue
		}
		short := strings.TrimPrefix(strings.TrimPrefix(name, "slbtui_upstream"), "slbtui_learner")
		require.True(t, has(name) || has(short), "%s is not in the table of metrics", name)
	}
}

// So does docs/attach.md every command.
func TestCommandsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/attach.md")
	require.NoError(t, err)
	for _, k := range live.Kinds() {
		require.True(t, strings.Contains(string(text), "| `"+k.Do+"` |"), "%s is not in the table of commands", k.Do)
	}
}
