package score

import (
	"math"
	"time"

	"slbtui/routing/policy"
)

// Variable is something about one server that an expression may read.
type Variable struct {
	Name    string
	Unit    string // "ms", "%", "" for none
	Range   string // of its values: "0 or more"
	Meaning string // one line
}

// sight is one server at the instant of a decision.
type sight struct {
	now  time.Duration
	view *policy.ServerView
	seen *record
	id   string
}

// variable is one that can be read. Measured ones say nothing of a server that has not answered yet.
type variable struct {
	Variable
	measured bool
	read     value
}

// variables lists all there are: who adds one adds a line.
var variables = []variable{
	{Variable{"in_flight", "requests", "0 or more", "requests sent to the server and not yet ended"}, false,
		number(func(s *sight) float64 { return float64(s.view.InFlight) })},
	{Variable{"oldest_age_ms", "ms", "0 or more", "how long the oldest of those has been waiting; 0 without any"}, false,
		number(func(s *sight) float64 { return milliseconds(s.view.OldestAge) })},
	{Variable{"ewma_ms", "ms", "0 or more", "mean response time: an answer weighs half after 5 s, and the mean of a server that answers no more fades as fast"}, true,
		number(func(s *sight) float64 { return s.seen.meanMS(s.now) })},
	{Variable{"peak_ms", "ms", "0 or more", "as ewma_ms, but a slower answer takes its place at once"}, true,
		number(func(s *sight) float64 { return s.seen.peakMS(s.now) })},
	{Variable{"failure_rate", "share", "0-1", "share of the answers that were failures (5xx, none, broken off); old ones weigh less, as in ewma_ms"}, true,
		number(func(s *sight) float64 { return s.seen.failureRate(s.now) })},
	{Variable{"response_ms", "ms", "0 or more", "mean response time as the balancer saw it, whoever routed; 0 when nothing is known"}, true,
		number(func(s *sight) float64 { return s.view.ResponseMS })},
	{Variable{"since_ms", "ms", "0 or more", "time since this policy last chose the server, or since the start"}, false,
		number(func(s *sight) float64 { return milliseconds(max(0, s.now-s.seen.picked)) })},
	{Variable{"cpu", "%", "0-100, or -1", "utilisation that the server last reported; -1 when it reports none"}, false,
		number(func(s *sight) float64 { return s.view.CPU })},
	{Variable{"weight", "", "above 0", "servers[].weight of the configuration, 1 unless set"}, false,
		number(func(s *sight) float64 { return s.view.Weight })},
	{Variable{"reachable", "", "true or false", "whether the server answers health polls"}, false,
		truth(func(s *sight) bool { return s.view.Reachable })},
	{Variable{"id", "text", "", "servers[].id of the configuration, such as \"server1\""}, false,
		text(func(s *sight) string { return s.id })},
}

// Variables lists what an expression may read of a server. The slice is the caller's.
func Variables() []Variable {
	all := make([]Variable, len(variables))
	for i, v := range variables {
		all[i] = v.Variable
	}
	return all
}

// function is one of numbers, of at least and at most so many; the latter 0 when there is no most.
type function struct {
	name          string
	fewest, most  int
	one           func(float64) float64
	of            func(a, b float64) float64 // folds the arguments, in the place of one
	form, meaning string
}

var functions = []function{
	{"min", 2, 0, nil, math.Min, "min(a, b, ...)", "the lowest"},
	{"max", 2, 0, nil, math.Max, "max(a, b, ...)", "the highest"},
	{"abs", 1, 1, math.Abs, nil, "abs(x)", "x without its sign"},
	{"sqrt", 1, 1, math.Sqrt, nil, "sqrt(x)", "square root"},
	{"exp", 1, 1, math.Exp, nil, "exp(x)", "e to the power of x"},
	{"log", 1, 1, math.Log, nil, "log(x)", "natural logarithm"},
	{"floor", 1, 1, math.Floor, nil, "floor(x)", "the next whole number below"},
	{"ceil", 1, 1, math.Ceil, nil, "ceil(x)", "the next whole number above"},
	{"round", 1, 1, math.Round, nil, "round(x)", "the nearest whole number"},
}

// Form is a way to write something, and what it means.
type Form struct {
	Form    string // "min(a, b, ...)"
	Meaning string
}

// Functions lists what an expression may call. The slice is the caller's.
func Functions() []Form {
	all := make([]Form, len(functions))
	for i, f := range functions {
		all[i] = Form{f.form, f.meaning}
	}
	return all
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
