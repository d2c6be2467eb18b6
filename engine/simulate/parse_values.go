package simulate

import (
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"slbtui/loadgen"
)

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

// share reads 5% or 0.05: a bare number is never a percentage, here as on the console's command line.
func share(to *float64) func(string, *yaml.Node) error {
	return func(path string, n *yaml.Node) error {
		digits, percent := strings.CutSuffix(n.Value, "%")
		v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if percent {
			v /= 100
		}
		if n.Kind != yaml.ScalarNode || err != nil || !(v >= 0 && v <= 1) {
			return problem(path, "%q is not a share: 0-1, or a percentage such as 5%%", n.Value)
		}
		*to = v
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

// discipline knows slots by its name, though it is what a server has anyway.
func discipline(to *Discipline) func(string, *yaml.Node) error {
	return func(path string, n *yaml.Node) error {
		switch {
		case n.Kind != yaml.ScalarNode:
			return problem(path, "is not a text")
		case n.Value != "slots":
			*to = Discipline(n.Value)
		}
		return nil
	}
}

// ejection is that of the built-in configuration, or none.
func ejection(path string, n *yaml.Node, to **Ejection) error {
	wanted := false
	err := truth(&wanted)(path, n)
	if wanted {
		*to = DefaultEjection()
	}
	return err
}

const arrivalKinds = "poisson, constant, ramp, sine, burst, {sine: {amplitude, period}} or {burst: {factor, on, period}}"

func (p *parser) arrivals(path string, n *yaml.Node, a *Arrivals) error {
	if n.Kind == yaml.ScalarNode {
		switch n.Value {
		case "poisson":
		case "constant":
			a.Even = true
		case "ramp":
			a.Shape = loadgen.Ramp{From: 0.5, To: 1.5}
		case "sine":
			a.Shape = defaultSine()
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
	if len(n.Content) > 2 {
		return problem(path, "is more than one kind of arrivals (allowed: %s)", arrivalKinds)
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
		"sine": func(path string, n *yaml.Node) error {
			s := defaultSine()
			err := p.mapping(path, n, fields{
				"amplitude": number(&s.Amplitude, "of the mean rate, 0-1"),
				"period":    duration(&s.Period),
			})
			a.Shape = s
			return err
		},
	})
}

func defaultSine() loadgen.Sine { return loadgen.Sine{Amplitude: 0.5, Period: 20 * time.Second} }
