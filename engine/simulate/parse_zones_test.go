package simulate

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
)

const zoned = `duration: 60s
rate: 10
balancers: [{zone: eu-west-1a}, {zone: eu-west-1b}]
zone_rtt:
  eu-west-1b-eu-west-1a: 2ms
  eu-west-1a-eu-west-1a: 500us
faults:
  - {zone: eu-west-1a, at: 10s, for: 5s, crash: true}
  - {cut: eu-west-1a-eu-west-1b, at: 20s}
servers:
  - {id: s1, base_delay_ms: 50, zone: eu-west-1a}
  - {id: s2, base_delay_ms: 50, zone: eu-west-1b}
  - {id: s3, base_delay_ms: 50, zone: eu-west-1a}
`

func TestParseZones(t *testing.T) {
	sc, err := ParseScenario("f.yaml", []byte(zoned))
	require.NoError(t, err)
	const a, b = "eu-west-1a", "eu-west-1b"
	require.Equal(t, 2, sc.Balancers)
	require.Equal(t, []string{a, b}, sc.BalancerZones())
	require.Equal(t, map[ZonePair]time.Duration{PairOf(a, b): 2 * msec, PairOf(a, a): msec / 2}, sc.ZoneRTT)
	gone := Fault{Server: "s1", At: 10 * sec, For: 5 * sec, Fault: fault.Fault{Crash: true}}
	gone3 := gone
	gone3.Server = "s3"
	require.Equal(t, []Fault{gone, gone3, {At: 20 * sec, Cut: PairOf(a, b)}}, sc.Faults)
	require.Equal(t, []Key{KeyBalancers, KeyZoneRTT, KeyCut}, sc.Uses())

	sc, err = ParseScenario("f.yaml", []byte(strings.Replace(zoned, "[{zone: eu-west-1a}, {zone: eu-west-1b}]", "3", 1)))
	require.NoError(t, err)
	require.Equal(t, []string{a, b, a}, sc.BalancerZones())
}

func TestParseZonesRefuses(t *testing.T) {
	for _, tt := range []struct{ from, to, want string }{
		{"2ms", "2", `f.yaml:5: zone_rtt.eu-west-1b-eu-west-1a: "2" is not a duration`},
		{"2ms", "2h", `f.yaml:5: zone_rtt.eu-west-1b-eu-west-1a: 2h0m0s is not within 0-1m0s`},
		{"  eu-west-1a-eu-west-1a: 500us", "  eu-west-1a-eu-west-1b: 1ms", "f.yaml:6: zone_rtt.eu-west-1a-eu-west-1b: the round trip between these two is there twice"},
		{"  eu-west-1a-eu-west-1a: 500us", "  eu-west-1b-eu-west-1a: 1ms", "f.yaml:6: zone_rtt.eu-west-1b-eu-west-1a: is there twice"},
		{"  eu-west-1a-eu-west-1a: 500us", "  eu: 1ms", `f.yaml:6: zone_rtt.eu: "eu" is not two zones with a - between (zones: eu-west-1a, eu-west-1b)`},
		{"zone_rtt:\n  eu-west-1b-eu-west-1a: 2ms\n  eu-west-1a-eu-west-1a: 500us", "zone_rtt: 40ms", "f.yaml:4: zone_rtt: is not a list of round trips, such as {a-b: 40ms}"},
		{"cut: eu-west-1a-eu-west-1b", "cut: eu-west-1a", `f.yaml:9: faults[1].cut: "eu-west-1a" is not two zones`},
		{"cut: eu-west-1a-eu-west-1b", "cut: eu-west-1a-eu-west-1b, server: s1", `f.yaml:9: faults[1].cut: is between zones, and server is "s1"`},
		{"cut: eu-west-1a-eu-west-1b", "cut: eu-west-1a-eu-west-1b, crash: true", "f.yaml:9: faults[1].server: a fault is one of slow, errors, stall, crash, delay_ms, out, cut, not 2"},
		{"cut: eu-west-1a-eu-west-1b", "cut: eu-west-1a-eu-west-1b, zone: eu-west-1b", "f.yaml:9: faults[1].cut: is between zones"},
		{"{zone: eu-west-1a, at: 10s", "{zone: us, at: 10s", `f.yaml:8: faults[0].zone: no server is in a zone "us"`},
		{"{zone: eu-west-1a, at: 10s", "{zone: eu-west-1a, server: s1, at: 10s", "f.yaml:8: faults[0].zone: not together with server"},
		{"crash: true", "slow: -1", "f.yaml:8: faults[0].slow: -1 is not a factor above 0"},
		{"cut: eu-west-1a-eu-west-1b", "server: s9, crash: true", `f.yaml:9: faults[1].server: no server has the id "s9"`},
		{"[{zone: eu-west-1a}, {zone: eu-west-1b}]", "[{zone: a b}]", `f.yaml:3: balancers[0].zone: "a b" is not a zone`},
		{"[{zone: eu-west-1a}, {zone: eu-west-1b}]", "[{zone: [a]}]", `f.yaml:3: balancers[0].zone: is not a text`},
		{"[{zone: eu-west-1a}, {zone: eu-west-1b}]", "[{name: a}]", `f.yaml:3: balancers[0].name: unknown key (allowed: zone)`},
		{"id: s2, base_delay_ms: 50, zone: eu-west-1b", `id: s2, base_delay_ms: 50, zone: "\t"`, `f.yaml:12: servers[1].zone: "\t" is not a zone (at most 64 letters, digits, . _ -)`},
		{"id: s2, base_delay_ms: 50, zone: eu-west-1b", `id: s2, base_delay_ms: 50, zone: 1a-eu`, ``},
	} {
		_, err := ParseScenario("f.yaml", []byte(strings.Replace(zoned, tt.from, tt.to, 1)))
		if tt.want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, tt.want, tt.to)
	}
	const two = "duration: 1s\nrate: 1\nzone_rtt: {a-b-c: 1ms}\nservers: [{id: x, base_delay_ms: 1, zone: a}, {id: y, base_delay_ms: 1, zone: b-c}, {id: z, base_delay_ms: 1, zone: a-b}, {id: u, base_delay_ms: 1, zone: c}]"
	_, err := ParseScenario("f.yaml", []byte(two))
	require.ErrorContains(t, err, `f.yaml:3: zone_rtt.a-b-c: "a-b-c" can be read in two ways: rename a zone`)
}

func TestValidateZonesOfPrograms(t *testing.T) {
	for _, tt := range []struct {
		change func(*Scenario)
		want   string
	}{
		{func(sc *Scenario) { sc.Zones = []string{"a"} }, "balancers: 2 of them are in 1 zones: give each its own"},
		{func(sc *Scenario) { sc.ZoneRTT = map[ZonePair]time.Duration{{"b", "a"}: msec} }, "zone_rtt.b-a: b-a is a pair in the wrong order: make it with PairOf"},
		{func(sc *Scenario) { sc.ZoneRTT = map[ZonePair]time.Duration{PairOf("a", "x"): msec} }, `zone_rtt.a-x: nobody is in a zone "x" (zones: a, b)`},
		{func(sc *Scenario) { sc.Faults = []Fault{{Cut: PairOf("", "a")}} }, `faults[0].cut: nobody is in a zone "" (zones: a, b)`},
	} {
		sc := apart()
		sc.Balancers = 2
		tt.change(&sc)
		require.EqualError(t, sc.Validate(), tt.want)
	}
}
