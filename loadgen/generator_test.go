package loadgen

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestConstantRateCountsExactly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: 5 * time.Millisecond, body: "hello"}, func(c *Config) {
			c.Duration = 10 * time.Second
			c.OnSend = func(seq uint64) int { return int(seq) * 2 }
		})
		s := r.wait()
		require.EqualValues(t, 1000, s.Completed)
		require.Zero(t, s.Failed+s.Dropped+s.Late)
		require.EqualValues(t, 5000, s.Bytes)
		require.Equal(t, LatencySummary{
			Count: 1000, MeanMS: 5, MinMS: 5, MaxMS: 5, P50MS: 5, P90MS: 5, P95MS: 5, P99MS: 5, P999MS: 5,
		}, s.Latency)
		begin := r.results[0].Intended.Add(-10 * time.Millisecond)
		for i, res := range r.results {
			require.EqualValues(t, i+1, res.Seq)
			require.Equal(t, 2*(i+1), res.Tag)
			require.Equal(t, "a", res.Server)
			require.Equal(t, time.Duration(i+1)*10*time.Millisecond, res.Intended.Sub(begin))
			require.Zero(t, res.Lag())
		}
	})
}

func TestSlowTargetDoesNotSlowTheSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: 3 * time.Second}, nil).after(2 * time.Second)
		s := r.Stats()
		require.EqualValues(t, 200, s.Sent)
		require.Equal(t, 200, s.InFlight)
		require.Zero(t, s.Completed)
	})
}

func TestLatencyCountsFromTheIntendedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: 10 * time.Millisecond}, func(c *Config) {
			c.Duration = time.Second
			c.OnSend = func(uint64) int { <-time.After(40 * time.Millisecond); return 0 } // a busy machine
		}).after(900 * time.Millisecond)
		require.True(t, r.Stats().Lagging)
		s := r.wait()
		require.EqualValues(t, 100, s.Late)
		require.EqualValues(t, 50, s.Latency.MeanMS)
		for _, lag := range []float64{s.LagP50MS, s.LagP99MS, s.LagMaxMS} {
			require.EqualValues(t, 40, lag)
		}
		<-time.After(6 * time.Second)
		require.False(t, r.Stats().Lagging, "it was long ago")
		require.Equal(t, s.LagP99MS, r.Stats().LagP99MS)
	})
}

func TestDropsBeyondMaxInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, fake{takes: 995 * time.Millisecond}, func(c *Config) {
			c.MaxInFlight = 10
			c.Duration = 1050 * time.Millisecond
		}).wait()
		require.EqualValues(t, 105, s.Scheduled)
		require.EqualValues(t, 10+5, s.Completed, "the first ten, and those after they ended")
		require.EqualValues(t, 90, s.Dropped)
	})
}

func TestPauseAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{}, func(c *Config) { c.Duration = 5 * time.Second }).after(1005 * time.Millisecond)
		r.SetPaused(true)
		s := r.after(2 * time.Second).Stats()
		require.True(t, s.Paused)
		require.Zero(t, s.Intensity)
		require.EqualValues(t, 100, s.Scheduled)
		r.SetPaused(false)
		s = r.after(5 * time.Millisecond).Stats()
		require.EqualValues(t, 101, s.Scheduled, "half a gap was left")
		require.EqualValues(t, 100, s.Intensity)
		s = r.wait()
		require.EqualValues(t, 300, s.Scheduled, "time paused counts; nothing accrued")
		require.Zero(t, s.LagMaxMS)
	})
}

func TestPausedBeforeRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, err := New(Config{URL: "http://target.test/", Rate: 10, Transport: fake{}, Duration: time.Second})
		require.NoError(t, err)
		g.SetPaused(true)
		require.NoError(t, g.SetRate(20))
		require.NoError(t, g.Run(t.Context()))
		require.Zero(t, g.Stats().Scheduled)
		require.EqualValues(t, 20, g.Stats().Rate)
	})
}

func TestRateChangesWithinALongGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{}, func(c *Config) { c.Rate = 0.01 }).after(50 * time.Second)
		require.Zero(t, r.Stats().Scheduled)
		require.NoError(t, r.SetRate(1000))
		require.EqualValues(t, 1000, r.after(time.Second).Stats().Scheduled, "half a gap was left, so 0.5 ms and on")
		require.ErrorContains(t, r.SetRate(-1), "rate: -1 is not within")
		require.EqualValues(t, 1000, r.Stats().Rate)
	})
}

// Nobody is sent anything before somebody says so.
func TestBeginsPausedOrAtRateZero(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		held := start(t, fake{}, func(c *Config) { c.Paused = true })
		still := start(t, fake{}, func(c *Config) { c.Rate = 0 }).after(time.Minute)
		require.True(t, held.Stats().Paused)
		require.EqualValues(t, 100, held.Stats().Rate, "that which resuming brings")
		require.Zero(t, held.Stats().Scheduled+still.Stats().Scheduled)
		held.SetPaused(false)
		require.NoError(t, still.SetRate(100))
		held.after(time.Second)
		require.EqualValues(t, 100, held.Stats().Scheduled)
		require.EqualValues(t, 100, still.Stats().Scheduled)
		require.NoError(t, still.SetRate(0))
		require.EqualValues(t, 100, still.after(time.Minute).Stats().Scheduled)
	})
}

func TestShapeShapesTheLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{}, func(c *Config) { c.Shape = DefaultBurst() }).after(999 * time.Millisecond)
		s := r.Stats()
		require.EqualValues(t, 219, s.Scheduled)
		require.InDelta(t, 220, s.Intensity, 1e-9)
		s = r.after(3002 * time.Millisecond).Stats()
		require.EqualValues(t, 400, s.Scheduled)
	})
}

func TestShapeBeginsWhenItIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{}, nil).after(9999 * time.Millisecond)
		require.EqualValues(t, 999, r.Stats().Scheduled)
		require.NoError(t, r.SetShape(DefaultBurst()))
		s := r.after(time.Second).Stats()
		require.EqualValues(t, 1219, s.Scheduled, "its first second has 2.2 times the rate")
		require.InDelta(t, 60, s.Intensity, 1e-9)
		require.EqualValues(t, 1399, r.after(3*time.Second).Stats().Scheduled, "over its period the mean is kept")
		require.NoError(t, r.SetShape(nil))
		s = r.after(time.Second).Stats()
		require.EqualValues(t, 1499, s.Scheduled)
		require.InDelta(t, 100, s.Intensity, 1e-9)
		require.ErrorContains(t, r.SetShape(Step{To: -1}), "shape: step: to -1")
	})
}

func TestContextEndsTheRunAndTheDrainCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: 3 * time.Second}, nil).after(2005 * time.Millisecond)
		begin := time.Now()
		r.cancel()
		s := r.wait()
		require.Equal(t, 2*time.Second, time.Since(begin))
		require.EqualValues(t, 100, s.Completed, "sent in the first second: done by the end of the drain")
		require.EqualValues(t, 100, s.Cancelled)
		require.Zero(t, s.Failed)
	})
}

func TestFailures(t *testing.T) {
	broken := errors.New("broken pipe")
	for name, tt := range map[string]struct {
		target  fake
		failed  uint64
		isError string
	}{
		"status 500":          {target: fake{status: 500}, failed: 10},
		"status 503":          {target: fake{status: 503}, failed: 10},
		"status 404":          {target: fake{status: 404}},
		"error":               {target: fake{err: broken}, failed: 10, isError: "GET http://target.test/: broken pipe"},
		"timeout":             {target: fake{takes: time.Minute}, failed: 10, isError: "deadline exceeded"},
		"just in time":        {target: fake{takes: 9999 * time.Millisecond}},
		"slow and status 500": {target: fake{takes: time.Second, status: 500}, failed: 10},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := start(t, tt.target, func(c *Config) {
					c.Rate, c.Duration, c.Drain = 10, time.Second, time.Minute
				})
				s := r.wait()
				require.EqualValues(t, 10, s.Completed)
				require.Equal(t, tt.failed, s.Failed)
				require.Equal(t, 10-tt.failed, s.Latency.Count, "latencies are of successes")
				for _, res := range r.results {
					require.Equal(t, tt.failed > 0, res.Failed())
					if tt.isError != "" {
						require.ErrorContains(t, res.Err, tt.isError)
					}
				}
			})
		})
	}
}

func TestPanicEndsTheRunAsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: time.Second}, func(c *Config) {
			c.OnSend = func(seq uint64) int {
				if seq == 3 {
					panic("no such phase")
				}
				return 0
			}
		})
		begin := time.Now()
		<-r.ended
		require.ErrorContains(t, r.err, "request 3 panicked: no such phase")
		require.Less(t, time.Since(begin), time.Second, "at once")
		require.EqualValues(t, 2, r.Stats().Cancelled)
	})
}

func TestRunsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{}, func(c *Config) { c.Duration = time.Second })
		require.ErrorIs(t, r.Run(t.Context()), errRanBefore)
		r.wait()
		r.SetPaused(true)
		require.NoError(t, r.SetRate(5))
		require.EqualValues(t, 100, r.Stats().Scheduled)
	})
}

func TestOverlongBodyFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, endless{}, func(c *Config) { c.Rate, c.Duration = 1, time.Second })
		s := r.wait()
		require.EqualValues(t, 1, s.Failed)
		require.ErrorIs(t, r.results[0].Err, errBodyTooLong)
	})
}

// endless answers with a body without end.
type endless struct{}

func (endless) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: endless{}}, nil
}
func (endless) Read(p []byte) (int, error) { return len(p), nil }
func (endless) Close() error               { return nil }
