package format

import (
	"fmt"
	"math"
	"strconv"
)

// Finite turns what is not a number into 0.
func Finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// Millis writes a latency with its unit: 5.2ms, 310ms, 12.3s; "-" for none.
func Millis(ms float64) string {
	switch ms = Finite(ms); {
	case ms <= 0:
		return "-"
	case ms < 9.95:
		return strconv.FormatFloat(ms, 'f', 1, 64) + "ms"
	case ms < 9999.5:
		return strconv.FormatFloat(ms, 'f', 0, 64) + "ms"
	}
	if ms < 999_950 {
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + "s"
	}
	return ">999s"
}

// MillisIn writes a latency in w cells if it can: 1199ms as 1.2s, or as 1s.
func MillisIn(ms float64, w int) string {
	s := Millis(ms)
	for decimals := 1; decimals >= 0 && len(s) > w && Finite(ms) >= 1000; decimals-- {
		s = strconv.FormatFloat(ms/1000, 'f', decimals, 64) + "s"
	}
	return s
}

// Compact writes any value in at most five cells, with a decimal where there is room: -12.3, -123, -1.2k,
// -12M; beyond thousands of billions the end of the scale.
func Compact(v float64) string {
	v = Finite(v)
	for _, letter := range []string{"", "k", "M", "G", "T"} {
		switch size := math.Abs(v); {
		case size < 99.95 && letter == "", size < 9.95:
			return strconv.FormatFloat(v, 'f', 1, 64) + letter
		case size < 999.5:
			return strconv.FormatFloat(v, 'f', 0, 64) + letter
		}
		v /= 1000
	}
	if v < 0 {
		return "<-1P"
	}
	return ">1P"
}

// Within writes a value with so many decimals where that takes at most w cells, otherwise as Compact does.
func Within(v float64, decimals, w int) string {
	if s := strconv.FormatFloat(Finite(v), 'f', decimals, 64); len(s) <= w {
		return s
	}
	return Compact(v)
}

// Percent writes a share of 0-1: 41%.
func Percent(share float64) string {
	return strconv.FormatFloat(Finite(share)*100, 'f', 0, 64) + "%"
}

// Percent1 writes a share of 0-1 with one decimal, in at most five cells: 0.2%, 99.9%, 100%.
func Percent1(share float64) string {
	if share >= 0.9995 {
		return Percent(share)
	}
	return strconv.FormatFloat(Finite(share)*100, 'f', 1, 64) + "%"
}

// Decimal writes a parameter: two decimals, more when they matter.
func Decimal(v float64) string {
	v = Finite(v)
	if s := strconv.FormatFloat(v, 'f', 2, 64); math.Abs(v-math.Round(v*100)/100) < 5e-4 || math.Abs(v) >= 10 {
		return s
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

// Bound writes the end of a range, without zeros that say nothing.
func Bound(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// Rate writes requests per second.
func Rate(v float64) string {
	v = Finite(v)
	if v >= 100 || v == math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// Count writes 1,234 or 12.3k or 1.2M: five cells up to 99 billion.
func Count(n uint64) string {
	v := float64(n)
	switch {
	case n < 1000:
		return strconv.FormatUint(n, 10)
	case n < 10_000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	case v < 99_950:
		return strconv.FormatFloat(v/1e3, 'f', 1, 64) + "k"
	case v < 999_500:
		return strconv.FormatFloat(v/1e3, 'f', 0, 64) + "k"
	case v < 99_950_000:
		return strconv.FormatFloat(v/1e6, 'f', 1, 64) + "M"
	}
	return strconv.FormatFloat(v/1e6, 'f', 0, 64) + "M"
}

// Regret writes a regret, for which, unlike for a latency, 0 is a value: every choice was the best.
func Regret(ms float64) string {
	if Finite(ms) == 0 {
		return "0ms"
	}
	return Millis(ms)
}
