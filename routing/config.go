package routing

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// HealthConfig says how an upstream is polled.
type HealthConfig struct {
	Path     string            `yaml:"path"`     // GET this; empty switches polling off and the server counts as healthy
	Host     string            `yaml:"host"`     // Host header of a poll; empty: the server's own address
	Headers  map[string]string `yaml:"headers"`  // sent with a poll
	Status   []StatusRange     `yaml:"status"`   // answers that are good; none: 200-299
	Port     int               `yaml:"port"`     // asked instead of that of the requests; 0: the same
	Interval time.Duration     `yaml:"interval"` // from one poll to the next; 0: that of NewHealth
	Timeout  time.Duration     `yaml:"timeout"`  // of one poll
	Rise     int               `yaml:"rise"`     // successes in a row that bring a server back, 1 or more
	Fall     int               `yaml:"fall"`     // failures in a row that take it out, 1 or more; a refused connection of a request counts as one
}

// DefaultHealthConfig polls /health.
func DefaultHealthConfig() HealthConfig {
	return HealthConfig{
		Path: "/health", Headers: map[string]string{}, Status: []StatusRange{"200-299"},
		Timeout: time.Second, Rise: 2, Fall: 2,
	}
}

// StatusRange is one HTTP status, such as "204", or several, such as "200-299".
type StatusRange string

// Bounds are the first and the last status. It fails on what is no range within 100-599.
func (r StatusRange) Bounds() (first, last int, err error) {
	from, to, several := strings.Cut(string(r), "-")
	if !several {
		to = from
	}
	first, err = strconv.Atoi(from)
	if err == nil {
		last, err = strconv.Atoi(to)
	}
	if err != nil || first < 100 || last > 599 || first > last {
		return 0, 0, fmt.Errorf("status %q: want one such as 204, or a range such as 200-299", string(r))
	}
	return first, last, nil
}

// good tells whether an answer of this status means that the server is well.
func (c *HealthConfig) good(status int) bool {
	if len(c.Status) == 0 {
		return status >= 200 && status <= 299
	}
	for _, r := range c.Status {
		if first, last, err := r.Bounds(); err == nil && status >= first && status <= last {
			return true
		}
	}
	return false
}

func (c *HealthConfig) check() error {
	var errs []error
	if c.Path != "" && (c.Path[0] != '/' || strings.HasPrefix(c.Path, "//") || c.Rise < 1 || c.Fall < 1 || c.Timeout <= 0) {
		errs = append(errs, fmt.Errorf("health checks: path %q must start with one /, timeout %v, rise %d and fall %d must be above 0", c.Path, c.Timeout, c.Rise, c.Fall))
	}
	for _, r := range c.Status {
		if _, _, err := r.Bounds(); err != nil {
			errs = append(errs, fmt.Errorf("health checks: %w", err))
		}
	}
	return errors.Join(errs...)
}
