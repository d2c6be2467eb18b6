package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"slbtui/engine/strictyaml"
	"slbtui/routing/policy"
)

const maxZoneRTT = time.Minute

// ZonePair are two zones, whichever comes first; or one, twice.
type ZonePair struct{ A, B string }

// PairOf is the pair of two zones.
func PairOf(a, b string) ZonePair { return ZonePair{min(a, b), max(a, b)} }

// String is the pair as a scenario file writes it.
func (p ZonePair) String() string { return p.A + "-" + p.B }

func (p ZonePair) compare(q ZonePair) int { return strings.Compare(p.String(), q.String()) }

// BalancerZones are those that the balancers are in, in their order; "" is nowhere in particular.
func (s Scenario) BalancerZones() []string {
	zones := make([]string, max(1, s.Balancers))
	from := s.Zones
	if len(from) == 0 {
		from = s.serverZones()
	}
	for i := range zones {
		if len(from) > 0 {
			zones[i] = from[i%len(from)]
		}
	}
	return zones
}

// serverZones are those of the servers, as they come.
func (s Scenario) serverZones() (zones []string) {
	for _, v := range s.Servers {
		if v.Zone != "" && !slices.Contains(zones, v.Zone) {
			zones = append(zones, v.Zone)
		}
	}
	return zones
}

// allZones are those that somebody is in.
func (s Scenario) allZones() []string {
	zones := s.serverZones()
	for _, z := range s.Zones {
		if z != "" && !slices.Contains(zones, z) {
			zones = append(zones, z)
		}
	}
	return zones
}

// far tells whether there is a round trip between zones.
func (s Scenario) far() bool {
	for _, rtt := range s.ZoneRTT {
		if rtt > 0 {
			return true
		}
	}
	return false
}

func (s Scenario) validateZones() error {
	for i, v := range s.Servers {
		if !policy.IsZone(v.Zone) {
			return problem(fmt.Sprintf("servers[%d].zone", i), "%.80q is not a zone (at most 64 letters, digits, . _ -)", v.Zone)
		}
	}
	for i, z := range s.Zones {
		if !policy.IsZone(z) {
			return problem(fmt.Sprintf("balancers[%d].zone", i), "%.80q is not a zone (at most 64 letters, digits, . _ -)", z)
		}
	}
	if len(s.Zones) > 0 && len(s.Zones) != max(1, s.Balancers) {
		return problem("balancers", "%d of them are in %d zones: give each its own", max(1, s.Balancers), len(s.Zones))
	}
	known := s.allZones()
	for _, pair := range slices.SortedFunc(maps.Keys(s.ZoneRTT), ZonePair.compare) {
		rtt := s.ZoneRTT[pair]
		at := strictyaml.Join("zone_rtt", pair.String())
		if err := pair.validate(known); err != nil {
			return under(at, err)
		}
		if err := checkRTT(at, rtt); err != nil {
			return err
		}
	}
	return nil
}

func checkRTT(path string, rtt time.Duration) error {
	if rtt < 0 || rtt > maxZoneRTT {
		return problem(path, "%v is not within 0-%v", rtt, maxZoneRTT)
	}
	return nil
}

func (p ZonePair) validate(known []string) error {
	for _, zone := range []string{p.A, p.B} {
		if !slices.Contains(known, zone) {
			return fmt.Errorf("nobody is in a zone %q (zones: %s)", zone, strings.Join(known, ", "))
		}
	}
	if p != PairOf(p.A, p.B) {
		return fmt.Errorf("%s is a pair in the wrong order: make it with PairOf", p)
	}
	return nil
}

// readPair reads two of the known zones with a - between, which their names may hold as well.
func readPair(text string, known []string) (ZonePair, error) {
	var found []ZonePair
	for i, r := range text {
		a, b := text[:i], text[i:]
		if r != '-' || !slices.Contains(known, a) || !slices.Contains(known, b[1:]) {
			continue
		}
		if pair := PairOf(a, b[1:]); !slices.Contains(found, pair) {
			found = append(found, pair)
		}
	}
	switch {
	case len(known) == 0:
		return ZonePair{}, fmt.Errorf("%.100q: nobody is in a zone (servers[].zone says who is where)", text)
	case len(found) == 0:
		return ZonePair{}, fmt.Errorf("%.100q is not two zones with a - between (zones: %s)", text, strings.Join(known, ", "))
	case len(found) > 1:
		return ZonePair{}, fmt.Errorf("%.100q can be read in two ways: rename a zone", text)
	}
	return found[0], nil
}
