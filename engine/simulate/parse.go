package simulate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

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
		err = sc.Validate()
	}
	if err != nil {
		return Scenario{}, p.locate(name, err)
	}
	if sc.Name == "" {
		sc.Name = name
	}
	return sc, nil
}

// parser walks the nodes of a document and remembers the line of each key.
type parser struct {
	lines map[string]int
}

// fields says how to read the value of each key that a mapping may have.
type fields map[string]func(path string, n *yaml.Node) error

func (p *parser) parse(data []byte) (Scenario, error) {
	var sc Scenario
	if len(data) > maxScenarioBytes {
		return sc, errors.New("larger than 1 MiB: is it a scenario?")
	}
	documents := yaml.NewDecoder(bytes.NewReader(data))
	var document, more yaml.Node
	if err := documents.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return sc, errors.New("the file is empty")
		}
		return sc, err
	}
	if err := documents.Decode(&more); !errors.Is(err, io.EOF) {
		return sc, errors.New("more than one YAML document: a file holds one scenario")
	}
	err := p.mapping("", document.Content[0], fields{
		"name":       text(&sc.Name),
		"about":      text(&sc.About),
		"duration":   duration(&sc.Duration),
		"rate":       number(&sc.Rate, "requests/s"),
		"load":       number(&sc.Load, "a fraction of the capacity"),
		"health_age": duration(&sc.HealthAge),
		"balancers":  whole(&sc.Balancers),
		"arrivals":   func(path string, n *yaml.Node) error { return p.arrivals(path, n, &sc.Arrivals) },
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
	})
}

func (p *parser) fault(path string, n *yaml.Node) (Fault, error) {
	var f Fault
	var delayMS float64
	err := p.mapping(path, n, fields{
		"server":   text(&f.Server),
		"at":       duration(&f.At),
		"for":      duration(&f.For),
		"slow":     number(&f.Slow, "a factor"),
		"errors":   number(&f.ErrorRate, "a share within 0-1"),
		"stall":    truth(&f.Stall),
		"crash":    truth(&f.Crash),
		"delay_ms": number(&delayMS, "ms"),
	})
	if err == nil && !(delayMS >= 0 && delayMS <= 60_000) {
		err = problem(join(path, "delay_ms"), "%v is not within 0-60000", delayMS)
	}
	f.Delay = time.Duration(delayMS * float64(time.Millisecond))
	return f, err
}

const arrivalKinds = "poisson, constant, ramp, sine, burst, or {burst: {factor, on, period}}"

func (p *parser) arrivals(path string, n *yaml.Node, a *Arrivals) error {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "poisson":
		case "constant":
			a.Even = true
		case "ramp":
			a.Shape = loadgen.Ramp{From: 0.5, To: 1.5}
		case "sine":
			a.Shape = loadgen.Sine{Amplitude: 0.5, Period: 20 * time.Second}
		case "burst":
			a.Shape = loadgen.DefaultBurst()
		default:
			return problem(path, "%q is no kind of arrivals (allowed: %s)", n.Value, arrivalKinds)
		}
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return problem(path, "is not a kind of arrivals (allowed: %s)", arrivalKinds)
	}
	return p.mapping(path, n, fields{
		"burst": func(path string, n *yaml.Node) error {
			b := loadgen.DefaultBurst()
			err := p.mapping(path, n, fields{
				"factor": number(&b.High, "times the mean rate"),
				"on":     duration(&b.On),
				"period": duration(&b.Period),
			})
			a.Shape = b
			return err
		},
	})
}

func (p *parser) mapping(path string, n *yaml.Node, known fields) error {
	if n.Kind != yaml.MappingNode {
		return problem(path, "is not a mapping with the keys %s", allowed(known))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := join(path, key.Value)
		p.lines[at] = key.Line
		read, ok := known[key.Value]
		switch {
		case !ok:
			return problem(at, "no such key (allowed: %s)", allowed(known))
		case seen[key.Value]:
			return problem(at, "is there twice")
		}
		seen[key.Value] = true
		if err := read(at, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) list(path string, n *yaml.Node, each func(string, *yaml.Node) error) error {
	if n.Kind != yaml.SequenceNode {
		return problem(path, "is not a list")
	}
	for i, item := range n.Content {
		at := fmt.Sprintf("%s[%d]", path, i)
		p.lines[at] = item.Line
		if err := each(at, item); err != nil {
			return err
		}
	}
	return nil
}

// locate puts the file and the line of the key, or of the nearest key above it, before the error.
func (p *parser) locate(name string, err error) error {
	var k *keyError
	if !errors.As(err, &k) {
		return fmt.Errorf("%s: %w", name, err)
	}
	for key := k.key; key != ""; key = key[:max(0, strings.LastIndexAny(key, ".["))] {
		if line := p.lines[key]; line > 0 {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	return fmt.Errorf("%s:1: %w", name, err)
}

func text(to *string) func(string, *yaml.Node) error {
	return func(path string, n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode {
			return problem(path, "is not a text")
		}
		*to = n.Value
		return nil
	}
}

func number(to *float64, unit string) func(string, *yaml.Node) error {
	return func(path string, n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode || n.Decode(to) != nil {
			return problem(path, "%q is not a number (%s)", n.Value, unit)
		}
		return nil
	}
}

func whole(to *int) func(string, *yaml.Node) error {
	return func(path string, n *yaml.Node) error {
		i, err := strconv.Atoi(n.Value) // yaml would cut 4.5 to 4
		if n.Kind != yaml.ScalarNode || err != nil {
			return problem(path, "%q is not a whole number", n.Value)
		}
		*to = i
		return nil
	}
}

func truth(to *bool) func(string, *yaml.Node) error {
	return func(path string, n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode || n.Decode(to) != nil {
			return problem(path, "%q is not true or false", n.Value)
		}
		return nil
	}
}

func duration(to *time.Duration) func(string, *yaml.Node) error {
	return func(path string, n *yaml.Node) error {
		d, err := time.ParseDuration(n.Value)
		if n.Kind != yaml.ScalarNode || err != nil {
			return problem(path, "%q is not a duration such as 60s or 500ms", n.Value)
		}
		*to = d
		return nil
	}
}

func allowed(known fields) string {
	return strings.Join(slices.Sorted(maps.Keys(known)), ", ")
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
