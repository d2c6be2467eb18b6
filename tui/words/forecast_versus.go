package words

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

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
