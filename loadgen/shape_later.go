package loadgen

// later is a shape whose time begins during the run. Before that it is Steady.
type later struct {
	Shape
	from float64 // seconds
}

// startingAt makes a shape begin so many seconds into the run.
func startingAt(seconds float64, s Shape) Shape {
	if _, steady := s.(Steady); steady || seconds <= 0 {
		return s
	}
	return later{s, seconds}
}

// Factor is the shape's, or 1 before it begins.
func (l later) Factor(seconds float64) float64 {
	if seconds < l.from {
		return 1
	}
	return l.Shape.Factor(seconds - l.from)
}

// Integral is the shape's, after a rectangle.
func (l later) Integral(seconds float64) float64 {
	if seconds < l.from {
		return seconds
	}
	return l.from + l.Shape.Integral(seconds-l.from)
}
