package simulate

import (
	"math"
	"time"

	"slbtui/backends/fault"
	"slbtui/loadgen"
	"slbtui/routing"
)

// DefaultClientTimeout is the patience of clients in a scenario that says nothing of it.
const DefaultClientTimeout = 10 * time.Second

// Scenario is a world and what happens to it. Its zero value is not usable: see Validate.
type Scenario struct {
	Name      string
	About     string        // one line for people, may be empty
	Duration  time.Duration // requests are due before it
	Rate      float64       // requests per second on average; 0 when Load says it
	Load      float64       // fraction of true capacity; 0 when Rate says it
	Arrivals  Arrivals
	Herd      int // requests due within the first 10 ms, on top of the arrivals
	Servers   []Server
	Faults    []Fault
	Classes   []Class       // kinds of requests; none: all are alike
	Blind     bool          // not even the references that know the truth tell classes apart
	HealthAge time.Duration // age of a health report when it reaches the policies
	Balancers int           // side by side, each with its own policy; 0 is 1
	// Zones are those that the balancers are in, one each; none deals them to the zones of the servers in turn.
	Zones []string
	// ZoneRTT is the round trip between two zones, added to what a request takes at a server of the other one;
	// 0 where nothing is said.
	ZoneRTT map[ZonePair]time.Duration
	// ShareEvery is how often the balancers of a zone tell each other what they have in flight; 0 is never.
	ShareEvery time.Duration
	// ClientTimeout is how long a client waits for the beginning of its answer, counted from when the
	// request was due; 0 is DefaultClientTimeout.
	ClientTimeout time.Duration
	Records       bool      // keep every request in Result.Records
	Ejection      *Ejection // of servers that fail their requests; nil ejects nobody, as policies are compared
	Yield         func()    // called now and then in a run, to let others have the processor; may be nil
}

// Ejection is what balancers do about servers that fail their requests.
type Ejection struct {
	Outlier   routing.OutlierConfig
	SlowStart routing.SlowStartConfig
}

// DefaultEjection is what the built-in configuration does.
func DefaultEjection() *Ejection {
	return &Ejection{Outlier: routing.DefaultOutlierConfig(), SlowStart: routing.DefaultSlowStartConfig()}
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
	// Pareto is the exponent of a Pareto distribution of the service time, 1.01-100, of the same mean,
	// in place of the lognormal; 0 is the lognormal.
	Pareto     float64
	Discipline Discipline // how its requests share its workers; "" is slots
	// Limit is the rate, in requests/s, above which it refuses, counted by a token bucket of one
	// second's worth; 0 is none.
	Limit       float64
	LimitStatus int    // of its refusals, 400-599; 0 is 429
	Zone        string // where it is; "" is near to all
}

// Fault is what a server suffers for a while, or two zones. Exactly one of the kinds is set.
type Fault struct {
	Server string        // id; "" with Cut
	At     time.Duration // begin
	For    time.Duration // 0 is for good
	Out    bool          // of rotation: it gets no new requests, and nothing fails
	Cut    ZonePair      // nothing gets from a balancer of the one to a server of the other, or back
	fault.Fault
}

// patience is how long a client waits.
func (s Scenario) patience() time.Duration {
	if s.ClientTimeout > 0 {
		return s.ClientTimeout
	}
	return DefaultClientTimeout
}

// MeanRate is the mean rate in requests per second, the herd apart.
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

// End is the first instant without the fault.
func (f Fault) End() time.Duration {
	if f.For == 0 {
		return forever
	}
	return f.At + f.For
}
