package backends

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// The headers by which a request brings along what chance decides about it. A trace that is sent
// to several balancers, or again, thus meets the same luck whichever server it reaches (common
// random numbers). A request without them draws from the server's own streams.
const (
	// SizeHeader is the standard normal draw z behind the service time, within ±10: the time is the
	// mean times exp(sigma·z - sigma²/2), so 0 is the median and +1 one standard deviation above.
	SizeHeader = "X-Service-Size"
	// LuckHeader is the uniform draw, 0 to below 1, below which an injected error rate strikes.
	LuckHeader = "X-Service-Luck"
	// FactorHeader is that of the request's class on the service time, above 0, at most 1000; 1 without it.
	FactorHeader = "X-Service-Factor"
	// HoldHeader is how long the answer streams on after its beginning, in ms, holding no worker: 0 to ten
	// hours. Without it the answer is whole when it begins.
	HoldHeader = "X-Service-Hold"
	// WholeHeader with the value 1 makes such a stream a download, a body of a known length, and not events.
	WholeHeader = "X-Service-Whole"
)

const (
	maxSize   = 10
	maxFactor = 1000
	minFactor = 1e-6
	maxHoldMS = 36_000_000
)

// draw is what a request brings along. Of size and luck, NaN is left to the server.
type draw struct {
	size, luck float64
	factor     float64
	hold       time.Duration
	whole      bool
}

func readDraw(h http.Header) (draw, error) {
	size, badSize := readNumber(h, SizeHeader, -maxSize, maxSize)
	luck, badLuck := readNumber(h, LuckHeader, 0, 1)
	factor, badFactor := readNumber(h, FactorHeader, minFactor, maxFactor)
	holdMS, badHold := readNumber(h, HoldHeader, 0, maxHoldMS)
	d := draw{size: size, luck: luck, factor: factor, whole: h.Get(WholeHeader) == "1"}
	if math.IsNaN(factor) {
		d.factor = 1
	}
	if !math.IsNaN(holdMS) {
		d.hold = time.Duration(holdMS * float64(time.Millisecond))
	}
	return d, errors.Join(badSize, badLuck, badFactor, badHold)
}

func readNumber(h http.Header, name string, lowest, highest float64) (float64, error) {
	text := h.Get(name)
	if text == "" {
		return math.NaN(), nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= lowest && v <= highest) {
		return 0, fmt.Errorf("%s: %q is not a number within %g to %g", name, text, lowest, highest)
	}
	return v, nil
}
