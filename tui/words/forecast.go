package words

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/format"
)

// Forecast is a what-if in the order in which it is read.
type Forecast struct {
	*live.WhatIf
	ByP99 bool
	Rows  []live.WhatIfRow // best first; the reference, which can't be chosen, last
}

// NewForecast sorts a what-if by the mean or, byP99, by the 99th percentile.
func NewForecast(w *live.WhatIf, byP99 bool) Forecast {
	f := Forecast{WhatIf: w, ByP99: byP99, Rows: slices.Clone(w.Rows)}
	slices.SortStableFunc(f.Rows, func(a, b live.WhatIfRow) int {
		if a.Reference != b.Reference {
			if a.Reference {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(errorStep(&a), errorStep(&b)), cmp.Compare(f.Value(&a), f.Value(&b)))
	})
	return f
}

// errorStep ranks before latency: a policy that fails fast must not look good. Half percents are
// told apart, not the luck of a few requests.
func errorStep(r *live.WhatIfRow) int { return int(format.Finite(r.ErrorRate) * 200) }

// Value is what rows are compared by, in ms; a policy without a success is worst.
func (f *Forecast) Value(r *live.WhatIfRow) float64 {
	v := r.MeanMS
	if f.ByP99 {
		v = r.P99MS
	}
	if v = format.Finite(v); v <= 0 {
		return math.Inf(1)
	}
	return v
}

// Best is the value of the first row, 0 when there is none.
func (f *Forecast) Best() float64 {
	if len(f.Rows) == 0 {
		return 0
	}
	return format.Finite(f.Value(&f.Rows[0]))
}

// Versus compares a row with who routed at the moment: "-41 to -35%", where that interval is known.
func (f *Forecast) Versus(i int) string {
	r := &f.Rows[i]
	if r.Policy == f.Policy {
		return "routes"
	}
	if v := f.versus(r); v.Known() {
		return Interval(v)
	}
	k := slices.IndexFunc(f.Rows, func(r live.WhatIfRow) bool { return r.Policy == f.Policy })
	if k < 0 {
		return ""
	}
	return Relation(f.Value(r), f.Value(&f.Rows[k]))
}

func (f *Forecast) versus(r *live.WhatIfRow) live.Range {
	if f.ByP99 {
		return r.Versus.P99
	}
	return r.Versus.Mean
}

// WithinNoise tells of a row that may be as good as who routed, or better, or worse.
func (f *Forecast) WithinNoise(i int) bool {
	v := f.versus(&f.Rows[i])
	return v.Known() && !v.Decided()
}

// Interval writes by how much something is above something else: "-41 to -35%", "x2.1 to 2.6".
func Interval(v live.Range) string {
	low, high := max(format.Finite(v[0]), -0.99), max(format.Finite(v[1]), -0.99)
	if high > 1 {
		decimals := 1
		if high > 9 {
			decimals = 0
		}
		a, b := strconv.FormatFloat(min(low+1, 999), 'f', decimals, 64), strconv.FormatFloat(min(high+1, 999), 'f', decimals, 64)
		if a == b {
			return "x" + a
		}
		return "x" + a + " to " + b
	}
	a, b := math.Round(100*low)+0, math.Round(100*high)+0 // never -0
	if a == b {
		return signed(a) + "%"
	}
	return signed(a) + " to " + signed(b) + "%"
}

// signed writes a whole number with its sign, unless it is 0.
func signed(v float64) string {
	if v == 0 {
		return "0"
	}
	return fmt.Sprintf("%+.0f", v)
}

// Relation is by how much a is above b: "+16%", "x6.4"; empty when there is nothing to compare.
func Relation(a, b float64) string {
	switch r := a / b; {
	case !(b > 0) || format.Finite(a) <= 0:
		return ""
	case r >= 10:
		return "x" + strconv.FormatFloat(min(r, 9999), 'f', 0, 64)
	case r >= 2:
		return "x" + strconv.FormatFloat(r, 'f', 1, 64)
	case math.Abs(r-1) < 0.005:
		return "0%"
	default:
		return fmt.Sprintf("%+.0f%%", math.Round(100*(r-1))+0) // never -0
	}
}

// PolicyOf is what a row is called; the reference goes by what it is.
func PolicyOf(r *live.WhatIfRow) string {
	if r.Reference {
		return "(knows the truth)"
	}
	return r.Policy
}

// Reality is what became of the requests of late.
type Reality struct {
	When string
	metrics.Summary
	like bool // the situation is as it was predicted for
}

// stale tells whether the situation has changed since: a fault has ended, or begun, or the load is another.
func (f *Forecast) stale(s *live.Snapshot) bool {
	return f.Lasting < f.Horizon && s.At-f.At > f.Lasting || slices.ContainsFunc(s.Events, func(e live.Event) bool {
		return e.At > f.At && (e.Kind == "fault" || e.Kind == "load")
	})
}

// Realities are the last seconds, and the phase where that is longer; of looking back, what really became of it.
func (f *Forecast) Realities(s *live.Snapshot) []Reality {
	if f.Past != nil {
		if f.Total == 0 { // it is not known yet
			return nil
		}
		was := metrics.Summary{Requests: uint64(max(f.Past.Requests, 0)), MeanMS: f.Past.Was.MeanMS, P99MS: f.Past.Was.P99MS, SuccessRate: 1 - f.Past.Was.ErrorRate}
		return []Reality{{"as it really was", was, len(f.Past.Routed) == 1 && f.Past.Routed[0] == s.Policy}}
	}
	fresh := !f.stale(s)
	out := []Reality{{"live, last 5s", s.Now, fresh}}
	if n := len(s.Phases); n > 0 {
		p := &s.Phases[n-1]
		if p.End-p.Start > 10*time.Second {
			suffering := slices.ContainsFunc(s.Servers, func(v live.Server) bool { return v.Fault != fault.Fault{} })
			calm := !suffering && FaultTime(FaultSpans(s.Events, s.At), p) == 0
			out = append(out, Reality{"live, last " + format.Seconds(p.End-p.Start), p.Summary, calm && fresh})
		}
	}
	return out
}

// Off says how far reality is from what is predicted for the policy that routes.
func (f *Forecast) Off(r *Reality, policy string) string {
	i := slices.IndexFunc(f.Rows, func(row live.WhatIfRow) bool { return row.Policy == policy })
	switch {
	case i < 0 || r.Requests == 0:
		return ""
	case !r.like && f.Past != nil:
		return "others routed"
	case !r.like:
		return "other situation"
	}
	what, predicted, is := "mean ", f.Rows[i].Now.MeanMS, r.MeanMS
	if f.ByP99 {
		what, predicted, is = "p99 ", f.Rows[i].Now.P99MS, r.P99MS
	}
	switch more := 100 * (format.Finite(is/predicted) - 1); {
	case !(predicted > 0) || format.Finite(is) <= 0:
		return ""
	case more > -0.5 && more < 0.5:
		return what + "as predicted"
	case more >= 0:
		return fmt.Sprintf("%s%.0f%% above", what, min(more, 9999))
	default:
		return fmt.Sprintf("%s%.0f%% below", what, -more)
	}
}

// Situation says what was predicted from, as sentences.
func (f *Forecast) Situation(s *live.Snapshot) []string {
	var out []string
	if f.Past != nil {
		out = append(out, f.past()...)
	} else if f.Horizon > 0 {
		out = append(out, f.future(s.At)...)
	}
	if s.Load.Lagging {
		out = append(out, "The load generator lags: what is live is slower than it should be, and no comparison.")
	}
	for _, a := range f.Assumed {
		out = append(out, "Assumed: "+a+".")
	}
	if f.Past == nil && f.Warmup > 0 {
		out = append(out, fmt.Sprintf("Assumed: each policy has routed for %s before, with the faults of now; the queues are its own.", Horizon(f.Warmup)))
	}
	return append(out, f.starts()...)
}

// Answer says who would gain, by how much, and how sure that is; "" while that is not known.
func (f *Forecast) Answer() string {
	known := slices.ContainsFunc(f.Rows, func(r live.WhatIfRow) bool { return f.versus(&r).Known() })
	if f.State != live.WhatIfDone || !known {
		return ""
	}
	what, would := "the mean", "is"
	if f.ByP99 {
		what = "p99"
	}
	if f.Past != nil {
		would = "would have been"
	}
	for i := range f.Rows {
		r := &f.Rows[i]
		if r.Reference || r.Policy == f.Policy {
			break // those behind are no gain
		}
		if v := f.versus(r); v[1] < 0 {
			return fmt.Sprintf("With %s %s %s %s lower than with %s, which routes (95 %% sure).", r.Policy, what, would, lower(v), f.Policy)
		}
	}
	return fmt.Sprintf("None %s better than %s, which routes, beyond noise, by %s.", would, f.Policy, what)
}

// lower writes a range below zero: "35 to 41 %".
func lower(v live.Range) string {
	a, b := math.Round(-100*v[1])+0, math.Round(-100*v[0])+0
	if a == b {
		return fmt.Sprintf("%.0f %%", a)
	}
	return fmt.Sprintf("%.0f to %.0f %%", a, b)
}

// future says which situation was looked at.
func (f *Forecast) future(now time.Duration) []string {
	text := fmt.Sprintf("The %s after %s, %s ago, at %s requests/s", Horizon(f.Horizon), format.Clock(f.At), format.Seconds(now-f.At), format.Rate(f.Rate))
	if f.Runs > 1 {
		text += fmt.Sprintf("; %d runs put together", f.Runs)
	}
	out := []string{text + "."}
	if len(f.Faults) == 0 {
		out = append(out, "No faults now: press w while one lasts to see what each policy makes of it.")
	}
	for _, fault := range f.Faults {
		out = append(out, "Now: "+fault+".")
	}
	return out
}

// past says which minutes were looked at, and how the servers are known.
func (f *Forecast) past() []string {
	p := f.Past
	out := []string{fmt.Sprintf("From %s to %s: %s requests (%s/s), routed by %s, given to each policy when they came.",
		format.Clock(p.From), format.Clock(p.From+f.Horizon), format.Count(uint64(max(p.Requests, 0))), format.Rate(f.Rate), strings.Join(p.Routed, ", then "))}
	for _, fault := range f.Faults {
		out = append(out, "Then: "+fault+".")
	}
	switch {
	case f.Total == 0 && f.State == live.WhatIfDone:
		out = append([]string{"Nothing is predicted: what was found of the servers does not reproduce these minutes."}, out...)
	case p.Grade == "" && f.Total > 0:
		out = append(out, "The servers are simulated: what they are like and what they suffered is known.")
	case p.Grade != "":
		out = append(out, "The servers were fitted to their answers, trust "+p.Grade+": "+trust[p.Grade]+".")
	}
	for i, reason := range p.Reasons {
		if i == mostReasons {
			out = append(out, fmt.Sprintf("%s: and %d more.", p.Grade, len(p.Reasons)-i))
			break
		}
		out = append(out, p.Grade+": "+reason+".")
	}
	return out
}

// mostReasons are told: with many servers each may have one.
const mostReasons = 5

// trust is what the grades of a fit mean.
var trust = map[string]string{
	"A": "the model reproduces these minutes, and nothing that matters is unknown",
	"B": "something is not known, so that the intervals are wide",
	"C": "a check failed",
}

// starts says what the learners knew.
func (f *Forecast) starts() []string {
	var out []string
	for _, kind := range []struct{ start, text string }{
		{"copied", "Learners began with a copy of what they know now" + f.hindsight() + ": "},
		{"empty", "Learners that began empty, their tables being too large to copy: "},
	} {
		names := ""
		for i := range f.Rows {
			if string(f.Rows[i].Start) == kind.start {
				if names != "" {
					names += ", "
				}
				names += f.Rows[i].Policy
			}
		}
		if names != "" {
			out = append(out, kind.text+names+".")
		}
	}
	return out
}

// hindsight says of learners what they should not know.
func (f *Forecast) hindsight() string {
	if f.Past != nil {
		return ", so that they have seen these minutes"
	}
	return ""
}

// Horizon writes a time to be looked at, which may be short.
func Horizon(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return strconv.Itoa(int(d.Round(time.Second)/time.Second)) + "s"
	case d >= time.Second:
		return format.Short(d.Round(100 * time.Millisecond))
	}
	return format.Short(d.Round(10 * time.Millisecond))
}
