package simulate

import (
	"time"

	"go.yaml.in/yaml/v3"

	"slbtui/loadgen"
)

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
