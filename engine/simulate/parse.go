package simulate

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"slbtui/engine/strictyaml"
	"slbtui/loadgen"
)

const maxScenarioBytes = 1 << 20

// ParseScenario reads a scenario in YAML. It is strict: a key that does not exist, is there twice
// or has a value out of range is an error of the form "name:line: key: problem". Without a name in
// the file, name is the scenario's.
func ParseScenario(name string, data []byte) (Scenario, error) {
	p := parser{lines: map[string]int{}}
	sc, err := p.parse(data)
	if err == nil {
		err = p.place(&sc)
	}
	if err == nil {
		err = sc.Validate()
	}
	if err != nil {
		return Scenario{}, p.locate(name, err)
	}
	p.spread(&sc)
	if sc.Name == "" {
		sc.Name = name
	}
	return sc, nil
}

// parser walks the nodes of a document and remembers the line of each key, and what is said of zones: who is in
// which is known at the end.
type parser struct {
	lines  map[string]int
	trips  []trip   // of zone_rtt, as they come
	cuts   []string // of each fault, "" for another kind
	struck []string // the zone of each fault, "" where it has a server
}

// fields says how to read the value of each key that a mapping may have.
type fields map[string]func(path string, n *yaml.Node) error

func (p *parser) parse(data []byte) (Scenario, error) {
	var sc Scenario
	if len(data) > maxScenarioBytes {
		return sc, errors.New("larger than 1 MiB: is it a scenario?")
	}
	top, wrong := strictyaml.Root(data)
	switch {
	case wrong != nil:
		return sc, wrong
	case strictyaml.IsNull(top):
		return sc, &strictyaml.Problem{Line: top.Line, Text: "the file is empty"}
	}
	err := p.mapping("", top, fields{
		"name":       text(&sc.Name),
		"about":      text(&sc.About),
		"duration":   duration(&sc.Duration),
		"rate":       number(&sc.Rate, "requests/s"),
		"load":       number(&sc.Load, "a fraction of the capacity"),
		"health_age": duration(&sc.HealthAge),
		"balancers":  func(path string, n *yaml.Node) error { return p.balancers(path, n, &sc) },
		"herd":       whole(&sc.Herd),
		"blind":      truth(&sc.Blind),

		"zone_rtt":       p.zoneRTT,
		"share_every":    duration(&sc.ShareEvery),
		"client_timeout": duration(&sc.ClientTimeout),
		"ejection":       func(path string, n *yaml.Node) error { return ejection(path, n, &sc.Ejection) },
		"classes": func(path string, n *yaml.Node) error {
			return p.list(path, n, func(path string, n *yaml.Node) error {
				c, err := p.class(path, n)
				sc.Classes = append(sc.Classes, c)
				return err
			})
		},
		"arrivals": func(path string, n *yaml.Node) error { return p.arrivals(path, n, &sc.Arrivals) },
		"servers": func(path string, n *yaml.Node) error {
			return p.list(path, n, func(path string, n *yaml.Node) error {
				s, err := p.server(path, n)
				sc.Servers = append(sc.Servers, s)
				return err
			})
		},
		"faults": func(path string, n *yaml.Node) error {
			return p.list(path, n, func(path string, n *yaml.Node) error {
				f, err := p.fault(path, n)
				sc.Faults = append(sc.Faults, f)
				return err
			})
		},
	})
	if ramp, ok := sc.Arrivals.Shape.(loadgen.Ramp); ok {
		ramp.Over = sc.Duration
		sc.Arrivals.Shape = ramp
	}
	return sc, err
}

func (p *parser) server(path string, n *yaml.Node) (Server, error) {
	var s Server
	return s, p.mapping(path, n, fields{
		"id":            text(&s.ID),
		"base_delay_ms": number(&s.BaseDelayMS, "ms"),
		"workers":       whole(&s.Workers),
		"sigma":         number(&s.Sigma, "sd of the logarithm"),
		"weight":        number(&s.Weight, "a share"),
		"pareto":        number(&s.Pareto, "an exponent above 1"),
		"discipline":    discipline(&s.Discipline),
		"limit":         number(&s.Limit, "requests/s"),
		"limit_status":  whole(&s.LimitStatus),
		"zone":          text(&s.Zone),
	})
}

func (p *parser) class(path string, n *yaml.Node) (Class, error) {
	c := Class{Factor: 1}
	err := p.mapping(path, n, fields{
		"share":  share(&c.Share),
		"factor": number(&c.Factor, "on the service time"),
		"hold":   duration(&c.Hold),
		"whole":  truth(&c.Whole),
	})
	if err == nil && c.Factor == 0 { // which a program that leaves it out means by 1, and a file does not
		err = badFactor(strictyaml.Join(path, "factor"), c)
	}
	return c, err
}

func (p *parser) fault(path string, n *yaml.Node) (Fault, error) {
	var f Fault
	var delayMS float64
	var cut, zone string
	err := p.mapping(path, n, fields{
		"server":   text(&f.Server),
		"at":       duration(&f.At),
		"for":      duration(&f.For),
		"slow":     number(&f.Slow, "a factor"),
		"errors":   share(&f.ErrorRate),
		"stall":    truth(&f.Stall),
		"crash":    truth(&f.Crash),
		"delay_ms": number(&delayMS, "ms"),
		"out":      truth(&f.Out),
		"zone":     text(&zone),
		"cut":      text(&cut),
	})
	p.cuts, p.struck = append(p.cuts, cut), append(p.struck, zone)
	if err == nil && !(delayMS >= 0 && delayMS <= 60_000) {
		err = problem(strictyaml.Join(path, "delay_ms"), "%v is not within 0-60000", delayMS)
	}
	f.Delay = time.Duration(delayMS * float64(time.Millisecond))
	return f, err
}

func (p *parser) mapping(path string, n *yaml.Node, known fields) error {
	for f, wrong := range strictyaml.Mapping(n, path, slices.Sorted(maps.Keys(known))) {
		if wrong != nil {
			return wrong
		}
		p.lines[f.Path] = f.Line
		if err := known[f.Key](f.Path, f.Value); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) list(path string, n *yaml.Node, each func(string, *yaml.Node) error) error {
	items, wrong := strictyaml.List(n, path)
	if wrong != nil {
		return wrong
	}
	for _, item := range items {
		p.lines[item.Path] = item.Line
		if err := each(item.Path, item.Value); err != nil {
			return err
		}
	}
	return nil
}

// locate puts the file and the line of the problem, or of its key or the nearest above it, before the
// error.
func (p *parser) locate(name string, err error) error {
	var k *strictyaml.Problem
	if !errors.As(err, &k) {
		return fmt.Errorf("%s: %w", name, err)
	}
	line := k.Line
	for key := k.Path; line == 0 && key != ""; key = key[:max(0, strings.LastIndexAny(key, ".["))] {
		line = p.lines[key]
	}
	return fmt.Errorf("%s:%d: %w", name, max(1, line), err)
}
