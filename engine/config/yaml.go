package config

import (
	"bytes"

	"go.yaml.in/yaml/v3"
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

// Values is the effective configuration as plain values under the names of its YAML keys, for reports.
func (c Config) Values() any {
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
		}{s.ID, s.URL, s.Weight}, nil
	}
	return struct {
		ID          string
		Host        string
		Port        int
		BaseDelayMS float64 `yaml:"base_delay_ms"`
		Workers     int
		Sigma       float64
		Weight      float64
	}{s.ID, s.Host, s.Port, s.BaseDelayMS, s.Workers, s.Sigma, s.Weight}, nil
}
