package backends

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
)

// DefaultWorkers is the number of worker slots of a server whose Config names none.
const DefaultWorkers = 8

const (
	defaultHost    = "127.0.0.1"
	maxBaseDelayMS = 3_600_000 // an hour
	maxWorkers     = 100_000
	maxLimit       = 1e6
	minPareto      = 1.01 // at 1 there is no mean
	maxPareto      = 100
	maxSigma       = 5 // at sigma 5 the mean is 268,000 times the median: beyond any server
)

// Config describes a simulated server.
type Config struct {
	ID          string  // names it in answers; not empty
	Host        string  // to listen on; empty means 127.0.0.1
	Port        int     // 0-65535; 0 takes a free one
	BaseDelayMS float64 // mean service time in ms, 0 to one hour
	Workers     int     // requests served at once, 1-100,000; 0 means DefaultWorkers
	Sigma       float64 // standard deviation of the logarithm of the service time, 0-5; 0 makes it constant
	Pareto      float64 // exponent of a Pareto service time in place of the lognormal, 1.01-100; 0: lognormal
	Sharing     bool    // requests share the workers, each served at the rate min(1, workers/requests), and none queues
	Limit       float64 // requests per second above which it refuses, one second's worth at once, 0-1e6; 0: none
	LimitStatus int     // of those refusals, 400-599; 0 means 429
	Seed        uint64  // of service times and injected errors; servers with different IDs draw differently under one seed
}

// withDefaults fills in what an empty field stands for.
func (c Config) withDefaults() Config {
	if c.Host == "" {
		c.Host = defaultHost
	}
	if c.Workers == 0 {
		c.Workers = DefaultWorkers
	}
	if c.LimitStatus == 0 {
		c.LimitStatus = http.StatusTooManyRequests
	}
	return c
}

// validate reports every field out of range.
func (c Config) validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("server %q: "+format, append([]any{c.ID}, args...)...))
		}
	}
	check(c.ID != "", "id is empty; give each server a name")
	check(c.Port >= 0 && c.Port <= 65535, "port: %d is not a port (0-65535)", c.Port)
	check(within(c.BaseDelayMS, maxBaseDelayMS), "base_delay_ms: %g is out of range (0-%d)", c.BaseDelayMS, maxBaseDelayMS)
	check(c.Workers >= 1 && c.Workers <= maxWorkers, "workers: %d is out of range (1-%d)", c.Workers, maxWorkers)
	check(within(c.Sigma, maxSigma), "sigma: %g is out of range (0-%d)", c.Sigma, maxSigma)
	check(c.Pareto == 0 || c.Pareto >= minPareto && c.Pareto <= maxPareto, "pareto: %g is out of range (%g-%d)", c.Pareto, minPareto, maxPareto)
	check(within(c.Limit, maxLimit), "limit: %g is out of range (0-%g requests/s)", c.Limit, float64(maxLimit))
	check(c.LimitStatus >= 400 && c.LimitStatus <= 599, "limit_status: %d is out of range (400-599)", c.LimitStatus)
	return errors.Join(errs...)
}

// within tells whether 0 <= v <= limit; NaN is not.
func within(v, limit float64) bool {
	return !math.IsNaN(v) && v >= 0 && v <= limit
}

// ListenFunc opens a listener, as net.Listen does.
type ListenFunc func(network, addr string) (net.Listener, error)

// Option changes how a server meets its surroundings.
type Option func(*Server)

// WithListen makes the server listen through f instead of net.Listen, now and after each crash.
func WithListen(f ListenFunc) Option { return func(s *Server) { s.listen = f } }

// WithLogger makes the server report connection errors (at debug) and a port that it cannot get
// back after a crash (at warn). Without it nothing is logged.
func WithLogger(l *slog.Logger) Option { return func(s *Server) { s.log = l } }
