package fit

import (
	"fmt"
	"io"

	"go.yaml.in/yaml/v3"

	"slbtui/engine/simulate"
)

type yamlScenario struct {
	Name          string       `yaml:"name"`
	About         string       `yaml:"about"`
	Duration      string       `yaml:"duration"`
	Rate          float64      `yaml:"rate"`
	ClientTimeout string       `yaml:"client_timeout"`
	Balancers     int          `yaml:"balancers,omitempty"`
	Servers       []yamlServer `yaml:"servers"`
	Faults        []yamlFault  `yaml:"faults,omitempty"`
}

type yamlServer struct {
	ID          string  `yaml:"id"`
	BaseDelayMS float64 `yaml:"base_delay_ms"`
	Workers     int     `yaml:"workers"`
	Sigma       float64 `yaml:"sigma"`
	Weight      float64 `yaml:"weight,omitempty"`
	Discipline  string  `yaml:"discipline,omitempty"`
}

type yamlFault struct {
	Server  string  `yaml:"server"`
	At      string  `yaml:"at"`
	For     string  `yaml:"for,omitempty"`
	Slow    float64 `yaml:"slow,omitempty"`
	Errors  float64 `yaml:"errors,omitempty"`
	Stall   bool    `yaml:"stall,omitempty"`
	DelayMS float64 `yaml:"delay_ms,omitempty"`
	Out     bool    `yaml:"out,omitempty"`
}

// WriteScenario writes the world of a model as a file that slbtui simulate --scenario-file takes. Its requests come
// at random at the log's mean rate: the recording has them as they came.
func WriteScenario(w io.Writer, sc simulate.Scenario) error {
	y := yamlScenario{Name: sc.Name, About: sc.About, Duration: sc.Duration.String(), Rate: sc.Rate, ClientTimeout: sc.ClientTimeout.String(), Balancers: sc.Balancers}
	for _, s := range sc.Servers {
		y.Servers = append(y.Servers, yamlServer{s.ID, s.BaseDelayMS, s.Workers, s.Sigma, s.Weight, string(s.Discipline)})
	}
	for _, f := range sc.Faults {
		v := yamlFault{Server: f.Server, At: f.At.String(), Slow: f.Slow, Errors: f.ErrorRate, Stall: f.Stall, DelayMS: float64(f.Delay) / 1e6, Out: f.Out}
		if f.For > 0 {
			v.For = f.For.String()
		}
		y.Faults = append(y.Faults, v)
	}
	out := yaml.NewEncoder(w)
	out.SetIndent(2)
	if err := out.Encode(y); err != nil {
		return fmt.Errorf("write the scenario: %w", err)
	}
	return out.Close()
}
