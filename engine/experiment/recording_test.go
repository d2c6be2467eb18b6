package experiment

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/comparison"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// record runs a plan and returns its recording.
func record(t *testing.T, plan Plan) ([]byte, log) {
	var file bytes.Buffer
	r, err := NewRecorder(&file, plan)
	require.NoError(t, err)
	var l log
	keep := l.observer()
	_, err = Run(t.Context(), plan, Observer{
		Trace: func(n int, seed uint64, trace []simulate.Request) error {
			return errors.Join(keep.Trace(n, seed, trace), r.Trace(n, seed, trace))
		},
		Request: r.Request,
	})
	require.NoError(t, err)
	require.NoError(t, r.Flush())
	return file.Bytes(), l
}

func TestRecordingIsReadBackAndReplayed(t *testing.T) {
	plan := quick("round_robin", "random")
	plan.Scenario.Faults = []simulate.Fault{{Server: "a", Fault: fault.Fault{ErrorRate: 0.3}}}
	file, l := record(t, plan)

	rec, err := ReadRecording("x.jsonl", bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, l.traces, rec.Traces)
	require.Equal(t, []uint64{7, 8}, rec.Seeds)
	require.Equal(t, plan.Policies, rec.Policies)
	require.Equal(t, plan.Scenario.Servers, rec.Scenario.Servers)
	require.Equal(t, plan.Scenario.Faults, rec.Scenario.Faults)
	require.Equal(t, 2*2*100, rec.Outcomes)

	again := rec.Plan([]string{"least_request"})
	again.Config = plan.Config
	var replayed log
	c, err := Run(t.Context(), again, replayed.observer())
	require.NoError(t, err)
	require.Equal(t, l.traces, replayed.traces)
	require.EqualValues(t, 200, c.Strategies["least_request"].Summary.Requests)

	virtual, err := comparison.Compare(t.Context(), rec.Simulation([]string{"round_robin"}, policy.Options{}), nil)
	require.NoError(t, err)
	require.Equal(t, 100.0, virtual.Comparisons[0].Rows[0].All.Requests)
}

const sound = `{"is":"recording","version":1,"scenario":{"name":"x","duration_ns":1000000000,"rate":10,"servers":[{"id":"a","base_delay_ms":1,"workers":1,"sigma":0}]},"policies":["random"],"repetitions":1}
{"is":"repetition","n":1,"seed":3}
{"is":"request","n":1,"due_ns":5,"size":0.5,"luck":0.25}
{"is":"request","n":2,"due_ns":5,"size":-0.5,"luck":0}
{"is":"outcome","policy":"random","n":1,"server":"a","latency_ns":100,"status":200,"ok":true,"in_flight":1}
`

func TestDamagedRecordings(t *testing.T) {
	rec, err := ReadRecording("x", strings.NewReader(sound))
	require.NoError(t, err)
	require.Equal(t, []simulate.Request{{Due: 5, Size: 0.5, Luck: 0.25}, {Due: 5, Size: -0.5}}, rec.Traces[0])

	lines := strings.SplitAfter(sound, "\n")
	replace := func(from, to string) string { return strings.Replace(sound, from, to, 1) }
	for want, text := range map[string]string{
		"x:1: the file is empty":          "",
		"x:1: damaged":                    "hello",
		"x:1: \"request\"":                lines[2],
		"x:1: version 3":                  replace(`"version":1`, `"version":3`),
		"x:1: scenario: servers":          replace(`"id":"a"`, `"id":""`),
		"x:1: damaged: json: unknown":     replace(`"rate"`, `"rat"`),
		"x:2: the file ends":              lines[0],
		"x:2: a request before":           lines[0] + lines[2],
		"x:2: repetition 2 follows":       replace(`"is":"repetition","n":1`, `"is":"repetition","n":2`),
		"x:2: \"recording\"":              lines[0] + lines[0],
		"x:2: \"other\" is no kind":       replace(`"is":"repetition"`, `"is":"other"`),
		"x:3: size":                       replace(`"size":0.5`, `"size":11`),
		"x:3: luck":                       replace(`"luck":0.25`, `"luck":1`),
		"x:3: damaged":                    replace(`"size":0.5`, `"size":NaN`),
		"x:3: request 2 follows":          lines[0] + lines[1] + lines[3],
		"x:4: due_ns: 4":                  replace(`"n":2,"due_ns":5`, `"n":2,"due_ns":4`),
		"x:4: due_ns: 1000000000":         replace(`"n":2,"due_ns":5`, `"n":2,"due_ns":1000000000`),
		"x:5: damaged: unexpected":        sound[:len(sound)-20],
		"x:5: outcome of request 3":       replace(`"random","n":1`, `"random","n":3`),
		"x:5: an outcome has":             replace(`"policy":"random"`, `"policy":""`),
		"x:6: the line is longer than 1 ": sound + strings.Repeat(" ", maxLine+1),
		"x:6: damaged: invalid character": sound + lines[1][:len(lines[1])-1] + lines[1],
	} {
		_, err := ReadRecording("x", strings.NewReader(text))
		require.ErrorContains(t, err, want)
	}
}

// Whatever the bytes are, reading them ends in an error or in a plan that can be checked.
func FuzzReadRecording(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte(sound[:200]))
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rec, err := ReadRecording("x", bytes.NewReader(data))
		if err != nil {
			return
		}
		require.NoError(t, rec.Scenario.Validate())
		require.Len(t, rec.Seeds, len(rec.Traces))
		for _, trace := range rec.Traces {
			for i, q := range trace {
				require.Less(t, q.Due, rec.Scenario.Duration)
				require.True(t, i == 0 || q.Due >= trace[i-1].Due)
			}
		}
	})
}
