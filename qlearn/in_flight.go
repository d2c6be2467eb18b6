package qlearn

import "strconv"

// InFlightLevels is how many levels there are of a number of requests in flight, for learners that have a
// row for each but no need to tell 40 from 41: each of the first few numbers, then two levels to a doubling.
const InFlightLevels = 12

var lowestInFlight = [InFlightLevels]int{0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48}

// InFlightLevel is the level of n; that of 0 below it.
func InFlightLevel(n int) int {
	b := min(max(n, 0), 4)
	for b+1 < InFlightLevels && n >= lowestInFlight[b+1] {
		b++
	}
	return b
}

// LowestInFlight is the first number of a level.
func LowestInFlight(level int) int { return lowestInFlight[level] }

// InFlightLabel is the level as people read it: "3", "6-7", "48+".
func InFlightLabel(level int) string {
	low := lowestInFlight[level]
	switch {
	case level == InFlightLevels-1:
		return strconv.Itoa(low) + "+"
	case lowestInFlight[level+1] == low+1:
		return strconv.Itoa(low)
	}
	return strconv.Itoa(low) + "-" + strconv.Itoa(lowestInFlight[level+1]-1)
}
