package chart

// Spark draws the last w values as a row of bars between 0 and the largest of them, the newest at
// the right. What can't be drawn is a gap.
func Spark(values []float64, w int, g Glyphs) string {
	return bars(values, w, 1, 0, g)[0]
}

// Bars is Spark in h rows, for values that may be negative: the smallest shown has the lowest bar.
func Bars(values []float64, w, h int, g Glyphs) []string {
	values = last(values, w)
	low, first := 0.0, true
	for _, v := range values {
		if clean(v) && (first || v < low) {
			low, first = v, false
		}
	}
	return bars(values, w, h, low, g)
}

func bars(values []float64, w, h int, low float64, g Glyphs) []string {
	values = last(values, w)
	high := low
	for _, v := range values {
		if clean(v) {
			high = max(high, v)
		}
	}
	n := len(g.Levels)
	rows := make([]string, h)
	for y := range rows {
		row := make([]rune, 0, max(w, 0))
		for range w - len(values) {
			row = append(row, ' ')
		}
		for _, v := range values {
			if !clean(v) {
				row = append(row, ' ')
				continue
			}
			at := 0.0
			if high > low {
				at = (v/2 - low/2) / (high/2 - low/2) // halved: the span of two huge values overflows
			}
			filled := min(max(int(at*float64(n*h)), 0), n*h-1) - (h-1-y)*n // of this row's n levels
			if filled < 0 {
				row = append(row, ' ')
				continue
			}
			row = append(row, g.Levels[min(filled, n-1)])
		}
		rows[y] = string(row)
	}
	return rows
}

// Squeeze averages neighbouring values until there are at most w of them, so that a sparkline of w
// cells shows all.
func Squeeze(values []float64, w int) []float64 {
	n := len(values)
	if w <= 0 || n <= w {
		return values
	}
	out := make([]float64, w)
	for x := range out {
		sum, seen := 0.0, 0.0
		for _, v := range values[x*n/w : (x+1)*n/w] {
			if clean(v) {
				sum, seen = sum+v, seen+1
			}
		}
		out[x] = sum / seen // without any: not a number, a gap
	}
	return out
}
