package backends

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
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
)

const maxSize = 10

// draw is what a request brings along; NaN is left to the server.
type draw struct{ size, luck float64 }

func readDraw(h http.Header) (draw, error) {
	size, err := readNumber(h, SizeHeader, -maxSize, maxSize)
	if err != nil {
		return draw{}, err
	}
	luck, err := readNumber(h, LuckHeader, 0, 1)
	return draw{size: size, luck: luck}, err
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
