package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever a file holds, Load answers with a valid configuration that survives its own YAML,
// or with an error that names the file.
func FuzzLoadConfig(f *testing.F) {
	f.Add(string(shippedSource(f).Data))
	f.Add("servers: [{id: a, url: 'http://h'}]\ntraffic: {request_rate: .nan}")
	f.Add("a: &a [*a, *a]\n<<: *a\n---\n...")
	f.Add("servers: &s\n- {id: 1e400, port: 0x1F, base_delay_ms: 1_0, sigma: -.inf}\n- *s")
	f.Add("load_balancer: {connect_timeout: 9999999h, port: !!int '1', policy: !!binary aGk=}")
	f.Add("? [a]: {b: c}\n: d")
	f.Add("policies: {mine: {score: 'in_flight / weight'}, other: {score: \"2 *\\n ewma_ms\"}}\nload_balancer: {policy: mine}")
	f.Add("policies:\n  mine:\n    score: |\n      ewma_ms\n      + nothing\n  random: {score: 1}\n  ~: {}")
	f.Add(strings.Repeat("[", 1000))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load(Source{Name: "f.yaml", Data: []byte(text)})
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, "f.yaml:") && !strings.HasPrefix(line, "and ") {
					t.Fatalf("%q: no file in %q", text, line)
				}
			}
			return
		}
		require.NoError(t, c.Validate())
		out, err := c.YAML()
		require.NoError(t, err)
		back, err := Load(Source{Name: "back", Data: out})
		require.NoError(t, err, "%s", out)
		require.Equal(t, c.Plain(), back.Plain())
	})
}
