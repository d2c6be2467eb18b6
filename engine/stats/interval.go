package stats

import "encoding/json"

// Interval is a 95 % confidence interval, low then high. The zero value means unknown.
type Interval [2]float64

// Known tells whether there is an interval.
func (i Interval) Known() bool { return i != Interval{} }

// MarshalJSON writes null where there is no interval.
func (i Interval) MarshalJSON() ([]byte, error) {
	if !i.Known() {
		return []byte("null"), nil
	}
	return json.Marshal([2]float64(i))
}

// ExcludesZero tells whether the whole interval lies on one side of zero.
func (i Interval) ExcludesZero() bool { return i[0] > 0 || i[1] < 0 }
