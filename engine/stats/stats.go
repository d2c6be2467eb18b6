// Package stats says how sure a number is: intervals, quantiles, the bootstrap, paired differences.
// Each is a function of its arguments alone, so that the same values give the same report, to the
// last digit. It knows no unit and no request, and starts no goroutine.
package stats

import "gonum.org/v1/gonum/stat/distuv"

// Mean is the arithmetic mean; 0 of no values.
func Mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// Quantile interpolates between the two nearest of the sorted values (Hyndman and Fan 1996, type 7);
// q is within 0-1. It is 0 of no values.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// StudentT is the 97.5 % quantile of Student's t: half of the 95 % interval of a mean, in its
// standard errors. Degrees of freedom are above 0, and need not be whole.
func StudentT(freedom float64) float64 {
	return distuv.StudentsT{Sigma: 1, Nu: freedom}.Quantile(0.975)
}
