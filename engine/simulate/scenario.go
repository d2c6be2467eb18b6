package simulate

import (
	"fmt"
	"math"
	"time"

	"slbtui/backends/fault"
	"slbtui/loadgen"
	"slbtui/routing"
)

// Limits of a scenario, so that a mistyped number is an error and not a machine that swaps.
const (
	maxServers   = 1000
	maxBalancers = 64
	maxDuration  = 24 * time.Hour
	maxRequests  = 5_000_000 // expected in one run
)

// ClientTimeout is how long a client waits for its answer, counted from when the request was due.
const ClientTimeout = 10 * time.Second

// Scenario is a world and what happens to it. Its zero value is not usable: see Validate.
type Scenario struct {
	Name      string
	About     string        // one line for people, may be empty
	Duration  time.Duration // requests are due before it
	Rate      float64       // requests per second on average; 0 when Load says it
	Load      float64       // fraction of true capacity; 0 when Rate says it
	Arrivals  Arrivals
	Servers   []Server
	Faults    []Fault
	HealthAge time.Duration // age of a health report when it reaches the policies
	Balancers int           // side by side, each with its own policy; 0 is 1
	Records   bool          // keep every request in Result.Records
	Ejection  *Ejection     // of servers that fail their requests; nil ejects nobody, as policies are compared
	Yield     func()        // called now and then in a run, to let others have the processor; may be nil
}

// Ejection is what balancers do about servers that fail their requests.
type Ejection struct {
	Outlier   routing.OutlierConfig
	SlowStart routing.SlowStartConfig
}

// Arrivals is the point process of the requests.
type Arrivals struct {
	Even  bool          // constant gaps instead of a Poisson process
	Shape loadgen.Shape // the rate over time around its mean; nil is steady
}

// Server is one upstream as it truly is.
type Server struct {
	ID          string
	BaseDelayMS float64 // mean service time, above 0
	Workers     int     // requests served at once; 0 is unlimited
	Sigma       float64 // sd of the logarithm of the service time, 0-3
	Weight      float64 // for weighted policies; 0 is 1
}

// Fault is what a server suffers for a while. Exactly one of the kinds is set.
type Fault struct {
	Server string        // id
	At     time.Duration // begin
	For    time.Duration // 0 is for good
	fault.Fault
}

// MeanRate is the mean rate in requests per second.
func (s Scenario) MeanRate() float64 {
	if s.Rate > 0 {
		return s.Rate
	}
	return s.Load * s.Capacity()
}

// Capacity is what all servers together can serve without faults, in requests per second; +Inf
// when one is unlimited.
func (s Scenario) Capacity() float64 {
	sum := 0.0
	for _, v := range s.Servers {
		sum += v.capacity()
	}
	return sum
}

func (v Server) capacity() float64 {
	if v.Workers == 0 {
		return math.Inf(1)
	}
	return float64(v.Workers) * 1000 / v.BaseDelayMS
}

// ServerIDs lists the servers in their order.
func (s Scenario) ServerIDs() []string {
	ids := make([]string, len(s.Servers))
	for i, v := range s.Servers {
		ids[i] = v.ID
	}
	return ids
}

// Validate says what is wrong with the scenario, as "key: problem"; nil when Run can run it.
func (s Scenario) Validate() error {
	if s.Duration <= 0 || s.Duration > maxDuration {
		return problem("duration", "%v is not above 0s, at most %v", s.Duration, maxDuration)
	}
	if len(s.Servers) == 0 || len(s.Servers) > maxServers {
		return problem("servers", "%d is not a number of servers (1-%d)", len(s.Servers), maxServers)
	}
	known := map[string]bool{}
	for i, v := range s.Servers {
		if err := v.validate(); err != nil {
			return under(fmt.Sprintf("servers[%d]", i), err)
		}
		if known[v.ID] {
			return problem(fmt.Sprintf("servers[%d].id", i), "%q is there twice", v.ID)
		}
		known[v.ID] = true
	}
	for i, f := range s.Faults {
		if err := f.validate(known); err != nil {
			return under(fmt.Sprintf("faults[%d]", i), err)
		}
	}
	if s.HealthAge < 0 || s.HealthAge > time.Hour {
		return problem("health_age", "%v is not within 0-1h", s.HealthAge)
	}
	if s.Balancers < 0 || s.Balancers > maxBalancers {
		return problem("balancers", "%d is not a number of balancers (1-%d)", s.Balancers, maxBalancers)
	}
	if s.Arrivals.Shape != nil {
		if err := s.Arrivals.Shape.Validate(); err != nil {
			return under("arrivals", err)
		}
	}
	return s.validateRate()
}

func (s Scenario) validateRate() error {
	switch {
	case (s.Rate != 0) == (s.Load != 0):
		return problem("rate", "give either rate (requests/s) or load (fraction of the capacity)")
	case s.Load != 0 && !(s.Load > 0 && s.Load <= 10):
		return problem("load", "%v is not above 0, at most 10", s.Load)
	case s.Load != 0 && math.IsInf(s.Capacity(), 1):
		return problem("load", "a server with unlimited workers has no capacity to take a fraction of; use rate")
	case s.Rate != 0 && !(s.Rate > 0 && s.Rate <= 1e6):
		return problem("rate", "%v is not above 0, at most 1e6 requests/s", s.Rate)
	case s.MeanRate()*s.Duration.Seconds() > maxRequests:
		return problem("rate", "%.3g requests/s for %v are more than %d requests", s.MeanRate(), s.Duration, maxRequests)
	}
	return nil
}

func (v Server) validate() error {
	switch {
	case v.ID == "":
		return problem("id", "is missing")
	case !(v.BaseDelayMS > 0 && v.BaseDelayMS <= 60_000):
		return problem("base_delay_ms", "%v is not above 0, at most 60000", v.BaseDelayMS)
	case v.Workers < 0 || v.Workers > 10_000:
		return problem("workers", "%d is not within 0-10000 (0 is unlimited)", v.Workers)
	case !(v.Sigma >= 0 && v.Sigma <= 3):
		return problem("sigma", "%v is not within 0-3", v.Sigma)
	case !(v.Weight >= 0 && v.Weight <= 1000):
		return problem("weight", "%v is not within 0-1000", v.Weight)
	}
	return nil
}

func (f Fault) validate(servers map[string]bool) error {
	kinds := 0
	for k := range fault.Kinds {
		if f.Has(k) {
			kinds++
		}
	}
	switch {
	case !servers[f.Server]:
		return problem("server", "no server has the id %q", f.Server)
	case f.At < 0 || f.At > maxDuration:
		return problem("at", "%v is not within 0-%v", f.At, maxDuration)
	case f.For < 0 || f.For > maxDuration:
		return problem("for", "%v is not within 0-%v (0 is for good)", f.For, maxDuration)
	case kinds != 1:
		return problem("server", "a fault is one of slow, errors, stall, crash, delay_ms, not %d of them", kinds)
	case f.Slow != 0 && !(f.Slow > 0 && f.Slow <= 1000):
		return problem("slow", "%v is not a factor above 0, at most 1000", f.Slow)
	case !(f.ErrorRate >= 0 && f.ErrorRate <= 1):
		return problem("errors", "%v is not a share within 0-1", f.ErrorRate)
	case f.Delay < 0 || f.Delay > time.Minute:
		return problem("delay_ms", "%v is not within 0-60000", float64(f.Delay)/float64(time.Millisecond))
	}
	return nil
}

// end is the first instant without the fault.
func (f Fault) end() time.Duration {
	if f.For == 0 {
		return forever
	}
	return f.At + f.For
}
