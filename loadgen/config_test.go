package loadgen

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNewRefuses(t *testing.T) {
	for want, edit := range map[string]func(*Config){
		`url: "" is not an http:// or https:// address`: func(c *Config) { c.URL = "" },
		`url: "ftp://host/" is not`:                     func(c *Config) { c.URL = "ftp://host/" },
		`url: "http://" is not`:                         func(c *Config) { c.URL = "http://" },
		`url: "http://:80" is not`:                      func(c *Config) { c.URL = "http://:80" },
		"url: invalid port":                             func(c *Config) { c.URL = "http://host:port/" },
		"rate: -1 is not within":                        func(c *Config) { c.Rate = -1 },
		"rate: 1.000001e+06 is not within":              func(c *Config) { c.Rate = 1000001 },
		"rate: NaN is not within":                       func(c *Config) { c.Rate = math.NaN() },
		`"uniform" is not a kind of arrivals`:           func(c *Config) { c.Arrivals = "uniform" },
		"max in flight: -1":                             func(c *Config) { c.MaxInFlight = -1 },
		"duration: -1s is negative":                     func(c *Config) { c.Duration = -time.Second },
		"timeout: -1s is negative":                      func(c *Config) { c.Timeout = -time.Second },
		"drain: -1s is negative":                        func(c *Config) { c.Drain = -time.Second },
		"shape: burst: high":                            func(c *Config) { c.Shape = Burst{High: 9, On: 1, Period: 4} },
	} {
		cfg := Config{URL: "http://target.test/", Rate: 1}
		edit(&cfg)
		g, err := New(cfg)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "load generator: ")
		require.Nil(t, g)
	}
}

func TestDefaults(t *testing.T) {
	g, err := New(Config{URL: "https://target.test/", Rate: MaxRate})
	require.NoError(t, err)
	require.Equal(t, Poisson, g.cfg.Arrivals)
	require.Equal(t, 1000, g.cfg.MaxInFlight)
	require.Equal(t, 10*time.Second, g.cfg.Timeout)
	require.Equal(t, 2*time.Second, g.cfg.Drain)
	require.Equal(t, Stats{Rate: MaxRate, Intensity: MaxRate, ByStatus: map[string]uint64{}, ByError: map[string]uint64{}}, g.Stats())
}
