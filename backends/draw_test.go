package backends

import (
	"math"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
)

// send sends a GET with these headers, in name-value pairs.
func (w *world) send(pairs ...string) int {
	req, err := http.NewRequest(http.MethodGet, "http://a/", http.NoBody)
	require.NoError(w.t, err)
	for i := 0; i < len(pairs); i += 2 {
		req.Header.Set(pairs[i], pairs[i+1])
	}
	resp, err := w.client.Do(req)
	require.NoError(w.t, err)
	require.NoError(w.t, resp.Body.Close())
	return resp.StatusCode
}

func TestRequestBringsItsOwnSize(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50, Sigma: 0.5}, func(w *world) {
		for _, z := range []float64{0, 1, -2} {
			begun := time.Now()
			require.Equal(t, 200, w.send(SizeHeader, strconv.FormatFloat(z, 'g', -1, 64)))
			want := 50 * math.Exp(0.5*z-0.125)
			require.InDelta(t, want, time.Since(begun).Seconds()*1000, 1e-5)
		}
	})
}

func TestRequestBringsItsOwnLuck(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50}, func(w *world) {
		require.Equal(t, 200, w.send(LuckHeader, "0"), "no fault, no failure")
		w.SetFault(fault.Span{Fault: fault.Fault{ErrorRate: 0.3}})
		for range 20 {
			require.Equal(t, 500, w.send(LuckHeader, "0.29"))
			require.Equal(t, 200, w.send(LuckHeader, "0.31"))
		}
	})
}

func TestDrawsOutOfRangeAreRefused(t *testing.T) {
	inBubble(t, Config{}, func(w *world) {
		for _, text := range []string{"NaN", "x", "1e9", "-11", "Inf"} {
			require.Equal(t, 400, w.send(SizeHeader, text), text)
			require.Equal(t, 400, w.send(LuckHeader, text), text)
		}
		require.Zero(t, w.Status().Failed, "the client's fault")
	})
}
