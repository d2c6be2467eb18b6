package words

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
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
		return "(clairvoyant)"
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
