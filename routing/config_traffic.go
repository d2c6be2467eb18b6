package routing

import (
	"fmt"
	"time"
)

// OutlierConfig says when a server that fails its requests is ejected, and for how long. The zero
// value ejects nobody and never fails open.
type OutlierConfig struct {
	Consecutive     int           `yaml:"consecutive_failures"` // failures in a row that eject a server; 0: no number does
	FailureShare    float64       `yaml:"failure_share"`        // share of failed requests in ten seconds that does, 0-1; 0: none does
	MinRequests     int           `yaml:"min_requests"`         // in those ten seconds, before the share counts
	BaseEjection    time.Duration `yaml:"base_ejection"`        // the first ejection; the k-th lasts k times as long
	MaxEjection     time.Duration `yaml:"max_ejection"`         // the longest
	MaxEjectedShare float64       `yaml:"max_ejected_share"`    // of all servers, ejected at a time, 0-1
	// PanicThreshold is the share of usable servers, 0-1, below which ejected ones, and those that
	// answer their health checks badly, are used all the same. Servers that don't answer stay out.
	PanicThreshold float64 `yaml:"panic_threshold"`
}

// DefaultOutlierConfig ejects for 5 s and more after 5 failures in a row, one server of two or three at most.
func DefaultOutlierConfig() OutlierConfig {
	return OutlierConfig{
		Consecutive: 5, FailureShare: 0.3, MinRequests: 20,
		BaseEjection: 5 * time.Second, MaxEjection: time.Minute, MaxEjectedShare: 0.5, PanicThreshold: 0.3,
	}
}

func (c OutlierConfig) check() error {
	ejects := c.Consecutive > 0 || c.FailureShare > 0
	if ejects && (c.BaseEjection <= 0 || c.MaxEjection < c.BaseEjection) {
		return fmt.Errorf("outlier ejection: the first lasts %v and the longest %v: want the first above 0 and the longest no shorter", c.BaseEjection, c.MaxEjection)
	}
	return nil
}

// SlowStartConfig says how a server that comes back, or is added to others, is used at first. The zero value uses it fully at once.
type SlowStartConfig struct {
	Window time.Duration `yaml:"window"` // in which its share grows linearly from a tenth to the whole; at most half as long as it was away
}

// DefaultSlowStartConfig takes ten seconds.
func DefaultSlowStartConfig() SlowStartConfig { return SlowStartConfig{Window: 10 * time.Second} }

func (c SlowStartConfig) check() error {
	if c.Window < 0 {
		return fmt.Errorf("slow start: a window of %v makes no sense: want 0 or more", c.Window)
	}
	return nil
}

// LimitsConfig bounds the requests in flight. The zero value doesn't.
type LimitsConfig struct {
	MaxInFlight  int           `yaml:"max_in_flight"`            // at all servers together; 0: no limit
	PerServer    int           `yaml:"max_in_flight_per_server"` // 0: no limit
	Queue        int           `yaml:"queue"`                    // requests that wait for a place; the next one gets 503
	QueueTimeout time.Duration `yaml:"queue_timeout"`            // how long one waits; then 503
}

// DefaultLimitsConfig limits nothing. Once a limit is set, 100 requests may wait for a second each.
func DefaultLimitsConfig() LimitsConfig { return LimitsConfig{Queue: 100, QueueTimeout: time.Second} }

func (c LimitsConfig) check() error {
	if c.MaxInFlight < 0 || c.PerServer < 0 || c.Queue < 0 || c.QueueTimeout < 0 {
		return fmt.Errorf("limits: max in flight %d, per server %d, queue %d, queue timeout %v: none may be negative", c.MaxInFlight, c.PerServer, c.Queue, c.QueueTimeout)
	}
	return nil
}

// RetryConfig says which requests get a second chance at another server. The zero value: none.
type RetryConfig struct {
	MaxAttempts int `yaml:"max_attempts"` // times that one request is sent at most, the first included; below 2: no retries
	// On lists what is tried again, see ParseRetryOn.
	On string `yaml:"on"`
	// The budget: retries may add BudgetShare of the requests, plus BudgetPerSecond, so that a
	// system in trouble isn't hit by a storm of them.
	BudgetShare     float64       `yaml:"budget_share"`
	BudgetPerSecond float64       `yaml:"budget_per_second"`
	Backoff         time.Duration `yaml:"backoff"`  // before the second retry, doubled for each one after; the first goes at once
	MaxBody         int           `yaml:"max_body"` // bytes of a request body that are kept to send it again
}

// DefaultRetryConfig tries up to three servers when no response has begun, within a budget of 20 % + 10/s.
func DefaultRetryConfig() RetryConfig {
	return RetryConfig{
		MaxAttempts: 3, On: "connect, reset", BudgetShare: 0.2, BudgetPerSecond: 10,
		Backoff: 25 * time.Millisecond, MaxBody: 64 << 10,
	}
}
