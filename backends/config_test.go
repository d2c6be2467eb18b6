package backends

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNewValidates(t *testing.T) {
	ok := Config{ID: "a", Port: 8001, BaseDelayMS: 50, Workers: 4, Sigma: 0.5}
	for _, tt := range []struct {
		name   string
		change func(*Config)
		want   string // part of the error; empty for none
	}{
		{"as it is", func(*Config) {}, ""},
		{"zero delay", func(c *Config) { c.BaseDelayMS = 0 }, ""},
		{"constant", func(c *Config) { c.Sigma = 0 }, ""},
		{"default workers", func(c *Config) { c.Workers = 0 }, ""},
		{"free port", func(c *Config) { c.Port = 0 }, ""},
		{"no id", func(c *Config) { c.ID = "" }, `server "": id is empty`},
		{"negative port", func(c *Config) { c.Port = -1 }, "port: -1 is not a port"},
		{"large port", func(c *Config) { c.Port = 70000 }, `server "a": port: 70000 is not a port (0-65535)`},
		{"negative delay", func(c *Config) { c.BaseDelayMS = -1 }, "base_delay_ms: -1"},
		{"NaN delay", func(c *Config) { c.BaseDelayMS = math.NaN() }, "base_delay_ms: NaN"},
		{"infinite delay", func(c *Config) { c.BaseDelayMS = math.Inf(1) }, "base_delay_ms: +Inf"},
		{"negative workers", func(c *Config) { c.Workers = -1 }, "workers: -1"},
		{"negative sigma", func(c *Config) { c.Sigma = -0.1 }, "sigma: -0.1"},
		{"infinite mean", func(c *Config) { c.Pareto = 1 }, "pareto: 1 is out of range (1.01-100)"},
		{"Pareto", func(c *Config) { c.Pareto = 1.5 }, ""},
		{"negative limit", func(c *Config) { c.Limit = -1 }, "limit: -1 is out of range (0-1e+06 requests/s)"},
		{"a limit's status", func(c *Config) { c.LimitStatus = 200 }, "limit_status: 200 is out of range (400-599)"},
		{"large sigma", func(c *Config) { c.Sigma = 6 }, "sigma: 6"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := ok
			tt.change(&cfg)
			s, err := New(cfg)
			if tt.want != "" {
				require.ErrorContains(t, err, tt.want)
				return
			}
			require.NoError(t, err)
			require.NotZero(t, s.Status().Workers)
		})
	}
}

func TestNewReportsAllFaultsAtOnce(t *testing.T) {
	_, err := New(Config{ID: "a", Port: -1, Workers: -1})
	require.ErrorContains(t, err, "port: -1")
	require.ErrorContains(t, err, "workers: -1")
}

func TestDefaults(t *testing.T) {
	s, err := New(Config{ID: "a", Port: 8001})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8001", s.Addr())
	require.Equal(t, DefaultWorkers, s.Status().Workers)
}
