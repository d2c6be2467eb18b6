package format

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ReadNumber reads what was typed for a value between low and high.
func ReadNumber(what, s string, low, high float64) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(v) || v < low || v > high {
		if high == math.MaxFloat64 {
			return 0, fmt.Errorf("%s: %q is not a number from %s on", what, s, Bound(low))
		}
		return 0, fmt.Errorf("%s: %q is not a number within %s-%s", what, s, Bound(low), Bound(high))
	}
	return v, nil
}

// ReadDuration reads a time; a bare number is seconds.
func ReadDuration(what, s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		s += "s"
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > 24*time.Hour {
		return 0, fmt.Errorf("%s: %q is not a time such as 20s or 2m", what, s)
	}
	return d, nil
}
