package config

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v3"

	"slbtui/routing"
)

// YAML returns the effective configuration. Load reads it back to the same settings.
func (c Config) YAML() ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(c); err != nil {
		return nil, err
	}
	if err := enc.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Values is the effective configuration as plain values under the names of its YAML keys, for reports, which
// others read: without the texts of headers.
func (c Config) Values() any {
	c.Health, c.Servers = hideHeaders(c.Health), slices.Clone(c.Servers)
	for i, s := range c.Servers {
		if s.Health != nil {
			own := hideHeaders(*s.Health)
			c.Servers[i].Health = &own
		}
	}
	text, err := c.YAML()
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	var plain map[string]any
	if err := yaml.Unmarshal(text, &plain); err != nil {
		return map[string]string{"error": err.Error()}
	}
	return plain
}

// MarshalYAML writes the keys that the kind of server has. The zeros among them too: an absent sigma
// would be read back as the default.
func (s Server) MarshalYAML() (any, error) {
	if s.URL != "" {
		return struct {
			ID     string
			URL    string
			Weight float64
			Zone   string                `yaml:",omitempty"`
			Health *routing.HealthConfig `yaml:",omitempty"`
		}{s.ID, s.URL, s.Weight, s.Zone, s.Health}, nil
	}
	return struct {
		ID          string
		Host        string
		Port        int
		BaseDelayMS float64 `yaml:"base_delay_ms"`
		Workers     int
		Sigma       float64
		Weight      float64
		Zone        string                `yaml:",omitempty"`
		Health      *routing.HealthConfig `yaml:",omitempty"`
	}{s.ID, s.Host, s.Port, s.BaseDelayMS, s.Workers, s.Sigma, s.Weight, s.Zone, s.Health}, nil
}
