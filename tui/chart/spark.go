package chart

// Spark draws the last w values as a row of bars between 0 and the largest of them, the newest at
// the right. What can't be drawn is a gap.
func Spark(values []float64, w int, g Glyphs) string {
	return spark(values, w, 0, g)
}

// SparkBetween is Spark for values that may be negative: the smallest shown is the lowest bar.
func SparkBetween(values []float64, w int, g Glyphs) string {
	low := 0.0
	if w > 0 && len(values) > w {
		values = values[len(values)-w:]
	}
	first := true
	for _, v := range values {
		if clean(v) && (first || v < low) {
			low, first = v, false
		}
	}
	return spark(values, w, low, g)
}

func spark(values []float64, w int, low float64, g Glyphs) string {
	if w <= 0 {
		return ""
	}
	if len(values) > w {
		values = values[len(values)-w:]
	}
	high := low
	for _, v := range values {
		if clean(v) {
			high = max(high, v)
		}
	}
	out := make([]rune, 0, w)
	for range w - len(values) {
		out = append(out, ' ')
	}
	for _, v := range values {
		switch {
		case !clean(v):
			out = append(out, ' ')
		case high <= low:
			out = append(out, g.Levels[0])
		default:
			n := len(g.Levels)
			// Halved so that the span of two huge values can't overflow.
			at := (v/2 - low/2) / (high/2 - low/2)
			out = append(out, g.Levels[min(max(int(at*float64(n)), 0), n-1)])
		}
	}
	return string(out)
}
