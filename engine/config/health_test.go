package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
)

// A server differs from what holds for all where it says so, whatever the order and the files.
func TestAServersOwnHealth(t *testing.T) {
	c, err := Load(shippedSource(t),
		Source{Name: "a.yaml", Data: []byte(`
servers:
- {id: a, url: "http://h:1", health: {port: 9100, status: [204, 300-399], headers: {X-Own: "1"}, interval: 5s}}
- {id: b, url: "http://h:2"}
- {id: c, base_delay_ms: 1, health: {path: ""}}
health: {rise: 3, headers: {X-All: slbtui}, status: [200]}
`)},
		Source{Name: "b.yaml", Data: []byte("health: {fall: 7, host: h.test}\n")})
	require.NoError(t, err)
	require.Nil(t, c.Servers[1].Health)
	all := routing.HealthConfig{
		Path: "/health", Host: "h.test", Headers: map[string]string{"X-All": "slbtui"}, Status: []routing.StatusRange{"200"}, Timeout: time.Second, Rise: 3, Fall: 7,
	}
	require.Equal(t, all, c.Health)
	want := all
	want.Port, want.Interval = 9100, 5*time.Second
	want.Status = []routing.StatusRange{"204", "300-399"}
	want.Headers = map[string]string{"X-All": "slbtui", "X-Own": "1"}
	require.Equal(t, want, *c.Servers[0].Health)
	want = all
	want.Path = ""
	require.Equal(t, want, *c.Servers[2].Health)
	name, line, ok := c.Origin("servers[0].health.port")
	require.Equal(t, []any{"a.yaml", 3, true}, []any{name, line, ok})

	c, err = Load(shippedSource(t),
		Source{Name: "a.yaml", Data: []byte("servers: [{id: a, url: 'http://h:1', health: {port: 1, nonsense: 2}}]")},
		Source{Name: "b.yaml", Data: []byte("servers: [{id: a, url: 'http://h:1'}]")})
	require.NoError(t, err, "a list that is replaced says nothing")
	require.Nil(t, c.Servers[0].Health)
}

func TestHealthIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"health: {status: [2xx]}":                                     `my.yaml:1: health.status[0]: "2xx" is not a status (one such as 204, or a range such as 200-299)`,
		"health: {status: []}":                                        `my.yaml:1: health.status: no status would be good (say which, such as [200-299])`,
		"health: {interval: 1ms}":                                     `my.yaml:1: health.interval: 1ms is not a duration (0s, or 50ms to 1h, with a unit)`,
		"health: {path: //h/x}":                                       `my.yaml:1: health.path: "//h/x" is not a path ("" or beginning with /)`,
		"health: {headers: {Host: x}}":                                `my.yaml:1: health.headers.Host: not a header of one's own (say health.host)`,
		"health: {headers: {'a b': x}}":                               `my.yaml:1: health.headers."a b": "a b" is not the name of a header (letters, digits and -)`,
		"health: {headers: [a]}":                                      `my.yaml:1: health.headers: a list is not a mapping (names of headers, each with its text)`,
		"health: {headers: {a: {b: c}}}":                              `my.yaml:1: health.headers.a: a mapping is not the text of a header (printable)`,
		"health: {headers: {a: \"1\\n2\"}}":                           `my.yaml:1: health.headers.a: "1\n2" is not the text of a header (printable)`,
		"servers:\n- id: a\n  url: http://h\n  health: {port: 70000}": `my.yaml:4: servers[0].health.port: 70000 is not a port (0-65535)`,
		"servers:\n- id: a\n  url: http://h\n  health: {colour: red}": `my.yaml:4: servers[0].health.colour: unknown key (allowed: path, host, headers, status, port, interval, timeout, rise, fall)`,
		"servers:\n- id: a\n  url: http://h\n  health: [1]":           `my.yaml:4: servers[0].health: a list is not a mapping (allowed: path, host, headers, status, port, interval, timeout, rise, fall)`,
	} {
		_, err := mine(t, text)
		require.EqualError(t, err, want, text)
	}
}

// Reports are read by others.
func TestReportsHideTheTextsOfHeaders(t *testing.T) {
	c, err := mine(t, "health: {headers: {Authorization: Bearer s3cret}}\nservers: [{id: a, url: 'http://h', health: {headers: {X: other-s3cret}}}]")
	require.NoError(t, err)
	require.NotContains(t, c.Values(), "s3cret")
	values := c.Values().(map[string]any)
	require.Equal(t, map[string]any{"Authorization": "..."}, values["health"].(map[string]any)["headers"])
	require.Equal(t, "Bearer s3cret", c.Health.Headers["Authorization"])
}
