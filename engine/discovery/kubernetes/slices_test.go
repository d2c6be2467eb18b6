package kubernetes

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestEndpointsAsServers(t *testing.T) {
	const http = `"ports":[{"name":"http","port":80}]`
	for name, c := range map[string]struct {
		port   config.PortName
		slices string
		want   []string
		err    string
	}{
		"unknown is ready": {"", `[{"addressType":"IPv4",` + http + `,"endpoints":[{"addresses":["10.0.0.1","10.0.0.2"]}]}]`, []string{"10.0.0.1:80"}, ""},
		"IPv6":             {"", `[{"addressType":"IPv6",` + http + `,"endpoints":[{"addresses":["fd00::1"]}]}]`, []string{"[fd00::1]:80"}, ""},
		"both kinds": {"", `[{"addressType":"IPv6",` + http + `,"endpoints":[{"addresses":["fd00::1"]}]},
			{"addressType":"IPv4",` + http + `,"endpoints":[{"addresses":["10.0.0.1"]}]}]`, []string{"10.0.0.1:80"}, ""},
		"names are no addresses": {"", `[{"addressType":"FQDN",` + http + `,"endpoints":[{"addresses":["a.b"]}]}]`, nil, ""},
		"nonsense":               {"", `[{"addressType":"IPv4",` + http + `,"endpoints":[{"addresses":["a.b"]},{}]}]`, nil, ""},
		"not ready":              {"", `[{"addressType":"IPv4",` + http + `,"endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":false}}]}]`, nil, ""},
		"ends, and serves": {"", `[{"addressType":"IPv4",` + http + `,"endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":false,"serving":true,"terminating":true}},
			{"addresses":["10.0.0.2"]}]}]`, []string{"10.0.0.1:80-", "10.0.0.2:80"}, ""},
		"ends, and does not": {"", `[{"addressType":"IPv4",` + http + `,"endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":false,"serving":false,"terminating":true}},
			{"addresses":["10.0.0.2"]}]}]`, []string{"10.0.0.2:80"}, ""},
		"in two slices": {"", `[{"addressType":"IPv4",` + http + `,"endpoints":[{"addresses":["10.0.0.1"],"conditions":{"terminating":true,"serving":true}}]},
			{"addressType":"IPv4",` + http + `,"endpoints":[{"addresses":["10.0.0.1"]}]}]`, []string{"10.0.0.1:80"}, ""},
		"by name":       {"b", `[{"addressType":"IPv4","ports":[{"name":"a","port":1},{"name":"b","port":2}],"endpoints":[{"addresses":["10.0.0.1"]}]}]`, []string{"10.0.0.1:2"}, ""},
		"by number":     {"2", `[{"addressType":"IPv4","ports":[{"name":"a","port":1},{"name":"b","port":2}],"endpoints":[{"addresses":["10.0.0.1"]}]}]`, []string{"10.0.0.1:2"}, ""},
		"which":         {"", `[{"addressType":"IPv4","ports":[{"name":"a","port":1},{"port":2}],"endpoints":[{"addresses":["10.0.0.1"]}]}]`, nil, `ports ["a" "2"]: say which`},
		"no such":       {"c", `[{"addressType":"IPv4","ports":[{"name":"a","port":1}],"endpoints":[{"addresses":["10.0.0.1"]}]}]`, nil, `no port "c", but ["a"]`},
		"empty at last": {"c", `[{"addressType":"IPv4","endpoints":[]}]`, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var list []slice
			require.NoError(t, json.Unmarshal([]byte(c.slices), &list))
			all := slices{}
			for i, s := range list {
				all[itoa(i)] = s
			}
			found, err := all.servers(c.port)
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, words(c.want...), text(found))
		})
	}
}

func TestEndpointsHaveZones(t *testing.T) {
	const text = `{"addressType":"IPv4","ports":[{"port":80}],"endpoints":[{"addresses":["10.0.0.1"],"zone":"eu-west-1a"},{"addresses":["10.0.0.2"],"zone":"no zone"},{"addresses":["10.0.0.3"]}]}`
	var s slice
	require.NoError(t, json.Unmarshal([]byte(text), &s))
	found, err := slices{"s": s}.servers("")
	require.NoError(t, err)
	zones := map[string]string{}
	for _, f := range found {
		zones[f.Address] = f.Zone
	}
	require.Equal(t, map[string]string{"10.0.0.1:80": "eu-west-1a", "10.0.0.2:80": "", "10.0.0.3:80": ""}, zones)
}

// FuzzEvents: whatever an API server says, it is an error or a change.
func FuzzEvents(f *testing.F) {
	f.Add(`{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"]}],"ports":[{"port":-1}]}}`)
	f.Add(`{"type":"ERROR","object":{"code":410}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var e event
		if json.Unmarshal([]byte(text), &e) != nil {
			return
		}
		s := &Source{slices: slices{}}
		if version, err := s.take(e); err == nil {
			require.NotEmpty(t, version)
		}
		_, _ = s.servers()
	})
}
