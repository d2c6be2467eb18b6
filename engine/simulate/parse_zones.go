package simulate

import (
	"fmt"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"slbtui/engine/strictyaml"
)

// trip is an entry of zone_rtt.
type trip struct {
	path, between string
	rtt           time.Duration
}

// balancers reads how many there are, or a list of them with their zones.
func (p *parser) balancers(path string, n *yaml.Node, sc *Scenario) error {
	if n.Kind != yaml.SequenceNode {
		return whole(&sc.Balancers)(path, n)
	}
	return p.list(path, n, func(path string, n *yaml.Node) error {
		var zone string
		err := p.mapping(path, n, fields{"zone": text(&zone)})
		sc.Balancers++
		sc.Zones = append(sc.Zones, zone)
		return err
	})
}

// zoneRTT reads round trips by two zones with a - between.
func (p *parser) zoneRTT(path string, n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return problem(path, "is not a list of round trips, such as {a-b: 40ms}")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		t := trip{path: strictyaml.Join(path, key.Value), between: key.Value}
		if _, twice := p.lines[t.path]; twice {
			return &strictyaml.Problem{Line: key.Line, Path: t.path, Text: "is there twice"}
		}
		p.lines[t.path] = key.Line
		if err := duration(&t.rtt)(t.path, n.Content[i+1]); err != nil {
			return err
		}
		if err := checkRTT(t.path, t.rtt); err != nil {
			return err
		}
		p.trips = append(p.trips, t)
	}
	return nil
}

// place reads what is said of zones, now that all are known. A fault of a zone is that of its first server for
// as long as it is not spread.
func (p *parser) place(sc *Scenario) error {
	zones := sc.allZones()
	for _, t := range p.trips {
		pair, err := readPair(t.between, zones)
		if err != nil {
			return &strictyaml.Problem{Path: t.path, Text: err.Error()}
		}
		if _, twice := sc.ZoneRTT[pair]; twice {
			return problem(t.path, "the round trip between these two is there twice")
		}
		if sc.ZoneRTT == nil {
			sc.ZoneRTT = map[ZonePair]time.Duration{}
		}
		sc.ZoneRTT[pair] = t.rtt
	}
	for i := range sc.Faults {
		f, path := &sc.Faults[i], fmt.Sprintf("faults[%d]", i)
		if cut := p.cuts[i]; cut != "" {
			pair, err := readPair(cut, zones)
			if err != nil {
				return problem(strictyaml.Join(path, "cut"), "%v", err)
			}
			f.Cut = pair
		}
		zone := p.struck[i]
		if zone == "" {
			continue
		}
		first := slices.IndexFunc(sc.Servers, func(v Server) bool { return v.Zone == zone })
		switch {
		case f.Server != "":
			return problem(strictyaml.Join(path, "zone"), "not together with server: all servers of the zone suffer it")
		case first < 0:
			return problem(strictyaml.Join(path, "zone"), "no server is in a zone %q", zone)
		}
		f.Server = sc.Servers[first].ID
	}
	return nil
}

// spread makes a fault of a zone one of each of its servers.
func (p *parser) spread(sc *Scenario) {
	var all []Fault
	for i, f := range sc.Faults {
		if p.struck[i] == "" {
			all = append(all, f)
			continue
		}
		all = append(all, sc.ofZone(p.struck[i], f)...)
	}
	sc.Faults = all
}

// ofZone is a fault of each server of a zone.
func (s Scenario) ofZone(zone string, f Fault) (faults []Fault) {
	for _, v := range s.Servers {
		if v.Zone == zone {
			f.Server = v.ID
			faults = append(faults, f)
		}
	}
	return faults
}
