package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

func shippedSource(t testing.TB) Source {
	t.Helper()
	s, err := ReadSource("../../config.yaml")
	require.NoError(t, err)
	s.Name = "config.yaml"
	return s
}

// mine is a user's file on top of the built-in one.
func mine(t testing.TB, text string) (Config, error) {
	t.Helper()
	return Load(shippedSource(t), Source{Name: "my.yaml", Data: []byte(text)})
}

func TestTheBuiltInFileSaysWhatTheDefaultsAre(t *testing.T) {
	c, err := Load(shippedSource(t))
	require.NoError(t, err)
	require.Equal(t, Default(), c.Plain())
	require.NoError(t, Default().Validate())
	c, err = Load()
	require.NoError(t, err)
	require.Equal(t, Default(), c.Plain())
}

func TestTheBuiltInFileNamesEveryKey(t *testing.T) {
	c, err := Load(shippedSource(t))
	require.NoError(t, err)
	walk(reflect.ValueOf(c), "", func(path string, _ reflect.Value) {
		if leaf := index.ReplaceAllString(path, ""); leaf != "servers.url" && leaf != "servers.zone" { // which those have not
			_, line, ok := c.Origin(path)
			require.True(t, ok && line > 1, path)
		}
		require.True(t, c.BuiltIn(path), path)
	})
}

func TestEveryKeyHasARuleAndEveryRuleAKey(t *testing.T) {
	all := rules()
	c := Default()
	c.LoadBalancer.TrustedProxies = []string{"::1"}
	c.Cluster.Peers = []string{"127.0.0.1:6222"}
	c.Policies = map[string]OwnPolicy{"mine": {Score: "weight"}}
	c.Health.Headers = map[string]string{"mine": "text"}
	walk(reflect.ValueOf(c), "", func(path string, _ reflect.Value) {
		pattern := strings.Replace(path, "[0]", "[]", 1)
		if !strings.HasPrefix(path, "servers[") || strings.HasPrefix(path, "servers[0]") {
			require.Contains(t, all, pattern)
			delete(all, pattern)
		}
	})
	require.Empty(t, all)
}

func TestSeedFilesLoadUnchanged(t *testing.T) {
	main, err := ReadSource(filepath.Join("testdata", "seed_config.yaml"))
	require.NoError(t, err)
	rl, err := ReadSource(filepath.Join("testdata", "seed_rl_config.yaml"))
	require.NoError(t, err)
	want := Default()
	for i := range want.Servers {
		want.Servers[i].Host = "localhost"
	}
	want.LoadBalancer.Host = "localhost"
	want.Traffic.TargetURL, want.Traffic.RequestRate, want.Traffic.DurationSeconds = "http://localhost:8080", 10, 60
	for name, c := range map[string]struct {
		sources []Source
		want    Config
	}{
		"both":      {[]Source{shippedSource(t), main, rl}, want},
		"main only": {[]Source{shippedSource(t), main}, want},
		"rl only":   {[]Source{shippedSource(t), rl}, Default()},
		"alone":     {[]Source{main}, want},
	} {
		got, err := Load(c.sources...)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got.Plain(), name)
	}
}

func TestLaterSourcesOverrideKeyByKeyButReplaceServers(t *testing.T) {
	c, err := Load(shippedSource(t),
		Source{Name: "a.yaml", Data: []byte("traffic: {request_rate: 7, timeout: 3s}\nservers: [{id: a, base_delay_ms: 1, sigma: 0}]\nreward:\n")},
		Source{Name: "b.yaml", Data: []byte("traffic: {request_rate: 9}\nhealth: {path: \"\"}\n")})
	require.NoError(t, err)
	want := Default()
	want.Traffic.RequestRate, want.Traffic.Timeout, want.Health.Path = 9, 3*time.Second, ""
	want.Servers = []Server{{ID: "a", Host: "127.0.0.1", BaseDelayMS: 1, Workers: 8, Sigma: 0, Weight: 1}}
	require.Equal(t, want, c.Plain())
}

func TestAServerElsewhereHasNoDefaultsButTheWeight(t *testing.T) {
	c, err := mine(t, "servers: [{id: a, url: 'https://example.com/base'}]")
	require.NoError(t, err)
	require.Equal(t, []Server{{ID: "a", URL: "https://example.com/base", Weight: 1}}, c.Servers)
}

func TestOrigin(t *testing.T) {
	c, err := mine(t, "load_balancer:\n  port: 8080\nservers:\n- {id: a, base_delay_ms: 5}\n- id: b\n  base_delay_ms: 5\n  port: 8001\n")
	require.NoError(t, err)
	name, line, ok := c.Origin("servers[1].port")
	require.Equal(t, []any{"my.yaml", 7, true}, []any{name, line, ok})
	require.False(t, c.BuiltIn("servers[1].port"))
	require.False(t, c.BuiltIn("load_balancer.port"), "the user's, though it equals the built-in one")
	require.True(t, c.BuiltIn("servers[0].port"), "a default")
	_, _, ok = c.Origin("servers[0].port")
	require.False(t, ok)
	require.True(t, c.BuiltIn("traffic.request_rate"))
	name, _, ok = c.Origin("traffic.request_rate")
	require.Equal(t, []any{"config.yaml", true}, []any{name, ok})

	for _, path := range []string{"", "servers[2].port", "nobody", "servers[x"} {
		_, _, ok = c.Origin(path)
		require.False(t, ok, path)
		require.False(t, c.BuiltIn(path), path)
	}

	c.LoadBalancer.Port, c.Traffic.RequestRate = 9, -1
	_, _, ok = c.Origin("load_balancer.port")
	require.False(t, ok, "changed since")
	require.False(t, c.BuiltIn("traffic.request_rate"))
	require.EqualError(t, c.Validate(), "traffic.request_rate: -1 is not a rate in requests per second (0-100000)")
}

func TestYAMLLoadsBack(t *testing.T) {
	c, err := mine(t, `
servers:
- {id: a, base_delay_ms: 0.125, sigma: 0, port: 0, weight: 1e-3, zone: eu-1}
- {id: "123", url: "http://[::1]:9001", zone: "1", health: {headers: {X: "1"}, status: [204, 300-399]}}
- {id: "[::1]:9", url: "http://[::1]:9", health: {path: ""}}
traffic: {request_rate: 1.5e4, target_url: "http://h/a?b=c#d", timeout: 1h2m3.5s}
export: {dir: "a: b # 'c'"}
load_balancer: {health_path: "", zone: eu-1}
`)
	require.NoError(t, err)
	text, err := c.YAML()
	require.NoError(t, err)
	back, err := Load(shippedSource(t), Source{Name: "back", Data: text})
	require.NoError(t, err, string(text))
	require.Equal(t, c.Plain(), back.Plain())
	require.NotContains(t, string(text), "origin")
}

func TestZonesReachThePolicies(t *testing.T) {
	c, err := mine(t, "servers: [{id: a, zone: eu-1, base_delay_ms: 1}, {id: b, url: 'http://h:1'}]\nload_balancer: {zone: eu-2}")
	require.NoError(t, err)
	o := c.PolicyOptions()
	require.Equal(t, "eu-2", o.Zone)
	require.Equal(t, []policy.ServerInfo{{ID: "a", Weight: 1, Zone: "eu-1"}, {ID: "b", Weight: 1}}, o.Servers)
	_, err = mine(t, "servers: [{id: a, zone: 'a/b', base_delay_ms: 1}]\nload_balancer: {zone: 3}")
	require.ErrorContains(t, err, `my.yaml:1: servers[0].zone: "a/b" is not a zone ("", or at most 64 letters, digits, . _ -)`)
	require.ErrorContains(t, err, "my.yaml:2: load_balancer.zone: 3 is not a zone")
}

func TestReadSource(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "none.yaml")
	_, err := ReadSource(none)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.EqualError(t, err, fmt.Sprintf("read configuration %q: %v", none, syscall.ENOENT))
	_, err = ReadSource(dir)
	require.EqualError(t, err, fmt.Sprintf("read configuration %q: %v", dir, syscall.EISDIR))
	big := filepath.Join(dir, "big")
	require.NoError(t, os.WriteFile(big, make([]byte, maxSourceBytes+1), 0o600))
	_, err = ReadSource(big)
	require.EqualError(t, err, fmt.Sprintf("read configuration %q: larger than 1 MiB: is it a configuration file?", big))
	require.NoError(t, os.Truncate(big, maxSourceBytes))
	s, err := ReadSource(big)
	require.NoError(t, err)
	require.Len(t, s.Data, maxSourceBytes)
}
