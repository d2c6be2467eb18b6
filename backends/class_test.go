package backends

import (
	"context"
	"io"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// open sends a GET with these headers and returns the response when its header has come.
func (w *world) open(pairs ...string) *http.Response {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://a/", http.NoBody)
	require.NoError(w.t, err)
	for i := 0; i < len(pairs); i += 2 {
		req.Header.Set(pairs[i], pairs[i+1])
	}
	resp, err := w.client.Do(req)
	require.NoError(w.t, err)
	return resp
}

func TestFactorMultipliesTheServiceTime(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50}, func(w *world) {
		begun := time.Now()
		require.Equal(t, 200, w.send(FactorHeader, "2.5"))
		require.Equal(t, 125*ms, time.Since(begun))
		for _, text := range []string{"0", "-1", "1001", "NaN", "x"} {
			require.Equal(t, 400, w.send(FactorHeader, text), text)
		}
		require.Equal(t, 400, w.send(HoldHeader, "-1"))
	})
}

// An answer that streams begins after its service, goes on, and holds no worker meanwhile.
func TestStreams(t *testing.T) {
	for whole, size := range map[string]int{"": 3 * len(eventPiece), "1": 26 * downloadPiece} {
		inBubble(t, Config{BaseDelayMS: 50, Workers: 1}, func(w *world) {
			begun := time.Now()
			resp := w.open(HoldHeader, "2500", WholeHeader, whole)
			require.Equal(t, 50*ms, time.Since(begun))
			read := make(chan []byte)
			go func() {
				body, err := io.ReadAll(resp.Body)
				require.NoError(t, err)
				read <- body
			}()
			require.Equal(t, 200, w.send())
			require.Equal(t, 100*ms, time.Since(begun), "the only worker is free")
			require.Equal(t, 1, w.Status().Active, "the stream")
			body := <-read
			require.Equal(t, 2550*ms, time.Since(begun))
			if whole == "1" {
				require.Len(t, body, size)
				require.EqualValues(t, size, resp.ContentLength)
			} else {
				require.Len(t, body, size+len(eventPiece))
				require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
			}
		})
	}
}

func TestClientLeavesAStream(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 50}, func(w *world) {
		resp := w.open(HoldHeader, "3600000")
		require.NoError(t, resp.Body.Close())
		time.Sleep(2 * eventPace)
		require.Zero(t, w.Status().Active)
	})
}

// A limit lets one second's worth through at once, then its rate.
func TestLimit(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 1, Limit: 20, LimitStatus: 404}, func(w *world) {
		count := func(n int) (refused int) {
			for range n {
				if w.send() == 404 {
					refused++
				}
			}
			return refused
		}
		begun := time.Now()
		require.InDelta(t, 79, count(100), 1, "100 ms bring 2 more")
		require.Equal(t, 100*ms, time.Since(begun), "and a refusal takes 1 ms as well")
		time.Sleep(time.Second / 2)
		require.InDelta(t, 4, count(15), 1, "half a second brings 10")
		require.Contains(t, w.get("/").body, "refused: too many requests")
		require.Zero(t, w.Status().Failed, "the client's fault, says the status")
	})
	inBubble(t, Config{BaseDelayMS: 1, Limit: 0.1}, func(w *world) {
		require.Equal(t, 200, w.send(), "one at least")
		require.Equal(t, 429, w.send())
	})
}

// Pareto times are quantiles of the same normal sizes, of the same mean.
func TestParetoServiceTimes(t *testing.T) {
	inBubble(t, Config{BaseDelayMS: 90, Pareto: 1.5}, func(w *world) {
		begun := time.Now()
		require.Equal(t, 200, w.send(SizeHeader, "0"))
		require.InDelta(t, 90./3*1.5874010519682, time.Since(begun).Seconds()*1000, 1e-5, "the median is x0 times 2^(1/1.5)")
	})
	s := newService(Config{ID: "a", BaseDelayMS: 10, Pareto: 4})
	sum := time.Duration(0)
	const n = 100_000
	for range n {
		sum += s.draw(0, math.NaN(), 1)
	}
	require.InEpsilon(t, 10, sum.Seconds()*1000/n, 0.02)
}
