package steer

import (
	"fmt"
	"math"
	"strconv"

	"slbtui/routing/policy/weights"
)

// why says in words what is behind a weight.
func why(w weights.Weight) string {
	switch w.Reason {
	case weights.Learning:
		return fmt.Sprintf("learning: %d of %d measurements", min(w.So, weights.Known), weights.Known)
	case weights.Unknown:
		return "hardly measured yet: as the others on average"
	case weights.Fails:
		return fmt.Sprintf("%.0f %% of its latest requests fail: none for it", 100*min(w.Failing, 1))
	case weights.AllFail:
		return "all servers fail: none is better than another"
	case weights.Slower:
		return fmt.Sprintf("%s, %.1f times its usual", takes(w), w.Speed)
	case weights.Faster:
		return fmt.Sprintf("%s, 1/%.1f of its usual", takes(w), 1/w.Speed)
	}
	return takes(w)
}

func takes(w weights.Weight) string {
	text := fmt.Sprintf("%.0f ms a request", w.MeanMS)
	if w.MeanMS < 10 {
		text = fmt.Sprintf("%.2g ms a request", w.MeanMS)
	}
	if !math.IsInf(w.Slots, 1) {
		text += ", " + strconv.Itoa(int(math.Round(w.Slots))) + " at once"
	}
	return text
}
