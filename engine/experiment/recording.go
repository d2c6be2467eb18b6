package experiment

import (
	"slices"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/report"
	"slbtui/engine/simulate"
)

// A recording is JSON lines: a head, then for each repetition its requests before what became of
// them. The first field of each line says what it is.
//
//	{"is":"recording","version":1,"scenario":{...},"policies":[...],"repetitions":3}
//	{"is":"repetition","n":1,"seed":42}
//	{"is":"request","n":1,"due_ns":104,"size":-0.31,"luck":0.77}
//	{"is":"outcome","policy":"round_robin","n":1,"server":"server2","latency_ns":75103211,"status":200,"ok":true}
//
// A number n counts from 1: repetitions in the file, requests and outcomes in their repetition.
//
// Version 2 knows what version 1 did not have: of a server its discipline, pareto, limit and limit_status, of a
// fault that it is out of rotation, of the scenario client_timeout_ns and balancers, and of a request its
// class (factor, hold_ns, whole) and its balancer; and who is in which zone, the round trips and the cuts between
// them. Version 1 is still read.
const recordingVersion = 2

// Limits of a recording that is read.
const (
	maxLine     = 1 << 20          // bytes
	maxRecorded = 10_000_000       // requests of all repetitions
	maxHeld     = 1000 * time.Hour // a draw around a mean of an hour at most
)

type headLine struct {
	Is          string           `json:"is"`
	Version     int              `json:"version"`
	Tool        string           `json:"tool,omitempty"`
	Scenario    recordedScenario `json:"scenario"`
	Policies    []string         `json:"policies"`
	Repetitions int              `json:"repetitions"`
}

type repetitionLine struct {
	Is   string `json:"is"`
	N    int    `json:"n"`
	Seed uint64 `json:"seed"`
}

type requestLine struct {
	Is   string        `json:"is"`
	N    uint64        `json:"n"`
	Due  time.Duration `json:"due_ns"`
	Size float64       `json:"size"`
	Luck float64       `json:"luck"`

	Factor   float64       `json:"factor,omitempty"` // of its class; 0 is 1
	Hold     time.Duration `json:"hold_ns,omitempty"`
	Whole    bool          `json:"whole,omitempty"`
	Balancer int           `json:"balancer,omitempty"` // from 0
}

type outcomeLine struct {
	Is       string        `json:"is"`
	Policy   string        `json:"policy"`
	N        uint64        `json:"n"`
	Server   string        `json:"server,omitempty"` // decided for; absent when none answered
	Latency  time.Duration `json:"latency_ns"`
	Status   int           `json:"status"`
	OK       bool          `json:"ok"`
	InFlight int           `json:"in_flight"`
}

func newRequestLine(n int, q simulate.Request) requestLine {
	return requestLine{
		Is: "request", N: uint64(n), Due: q.Due, Size: q.Size, Luck: q.Luck,
		Factor: q.Factor, Hold: q.Hold, Whole: q.Whole, Balancer: q.Balancer,
	}
}

func (l requestLine) request() simulate.Request {
	return simulate.Request{
		Due: l.Due, Size: l.Size, Luck: l.Luck, Factor: l.Factor, Hold: l.Hold, Whole: l.Whole, Balancer: l.Balancer,
	}
}

func newOutcomeLine(r report.Request) outcomeLine {
	return outcomeLine{
		Is: "outcome", Policy: r.Policy, N: r.ID, Server: r.Server, Latency: r.Latency,
		Status: r.Status, OK: r.Success, InFlight: r.InFlight,
	}
}

// recordedScenario is a scenario without its arrivals, which the requests tell.
type recordedScenario struct {
	Name     string           `json:"name"`
	About    string           `json:"about,omitempty"`
	Duration time.Duration    `json:"duration_ns"`
	Rate     float64          `json:"rate"` // mean, requests per second
	Servers  []recordedServer `json:"servers"`
	Faults   []recordedFault  `json:"faults,omitempty"`

	ClientTimeout time.Duration `json:"client_timeout_ns,omitempty"`
	Balancers     int           `json:"balancers,omitempty"`

	Zones   []string       `json:"zones,omitempty"` // of the balancers
	ZoneRTT []recordedTrip `json:"zone_rtt,omitempty"`
}

type recordedTrip struct {
	Between []string      `json:"between"`
	RTT     time.Duration `json:"rtt_ns"`
}

type recordedServer struct {
	ID          string  `json:"id"`
	BaseDelayMS float64 `json:"base_delay_ms"`
	Workers     int     `json:"workers"`
	Sigma       float64 `json:"sigma"`
	Weight      float64 `json:"weight,omitempty"`

	Pareto      float64             `json:"pareto,omitempty"`
	Discipline  simulate.Discipline `json:"discipline,omitempty"`
	Limit       float64             `json:"limit,omitempty"`
	LimitStatus int                 `json:"limit_status,omitempty"`

	Zone string `json:"zone,omitempty"`
}

type recordedFault struct {
	Server string        `json:"server"`
	At     time.Duration `json:"at_ns"`
	For    time.Duration `json:"for_ns,omitempty"`
	Slow   float64       `json:"slow,omitempty"`
	Errors float64       `json:"errors,omitempty"`
	Stall  bool          `json:"stall,omitempty"`
	Crash  bool          `json:"crash,omitempty"`
	Delay  time.Duration `json:"delay_ns,omitempty"`
	Out    bool          `json:"out,omitempty"`
	Cut    []string      `json:"cut,omitempty"` // two zones
}

func recordScenario(sc simulate.Scenario) recordedScenario {
	r := recordedScenario{Name: sc.Name, About: sc.About, Duration: sc.Duration, Rate: sc.MeanRate(),
		ClientTimeout: sc.ClientTimeout, Balancers: sc.Balancers, Zones: sc.Zones}
	for pair, rtt := range sc.ZoneRTT {
		r.ZoneRTT = append(r.ZoneRTT, recordedTrip{recordPair(pair), rtt})
	}
	slices.SortFunc(r.ZoneRTT, func(a, b recordedTrip) int { return slices.Compare(a.Between, b.Between) })
	for _, s := range sc.Servers {
		r.Servers = append(r.Servers, recordedServer(s))
	}
	for _, f := range sc.Faults {
		r.Faults = append(r.Faults, recordedFault{
			Server: f.Server, At: f.At, For: f.For, Slow: f.Slow, Errors: f.ErrorRate, Stall: f.Stall, Crash: f.Crash, Delay: f.Delay, Out: f.Out, Cut: recordPair(f.Cut),
		})
	}
	return r
}

func (r recordedScenario) scenario() simulate.Scenario {
	sc := simulate.Scenario{Name: r.Name, About: r.About, Duration: r.Duration, Rate: r.Rate,
		ClientTimeout: r.ClientTimeout, Balancers: r.Balancers, Zones: r.Zones}
	for _, trip := range r.ZoneRTT {
		if sc.ZoneRTT == nil {
			sc.ZoneRTT = map[simulate.ZonePair]time.Duration{}
		}
		sc.ZoneRTT[recordedPair(trip.Between)] = trip.RTT
	}
	for _, s := range r.Servers {
		sc.Servers = append(sc.Servers, simulate.Server(s))
	}
	for _, f := range r.Faults {
		sc.Faults = append(sc.Faults, simulate.Fault{Server: f.Server, At: f.At, For: f.For, Out: f.Out, Cut: recordedPair(f.Cut), Fault: fault.Fault{
			Slow: f.Slow, ErrorRate: f.Errors, Stall: f.Stall, Crash: f.Crash, Delay: f.Delay,
		}})
	}
	return sc
}

func recordPair(p simulate.ZonePair) []string {
	if p == (simulate.ZonePair{}) {
		return nil
	}
	return []string{p.A, p.B}
}

func recordedPair(zones []string) simulate.ZonePair {
	if len(zones) != 2 {
		return simulate.ZonePair{} // which is no fault, and no pair of known zones
	}
	return simulate.PairOf(zones[0], zones[1])
}
