package loadgen

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTraceIsFollowedAndEndsTheRun(t *testing.T) {
	due := []time.Duration{0, 5 * time.Millisecond, 5 * time.Millisecond, time.Second}
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		r := start(t, fake{takes: 20 * time.Millisecond}, func(c *Config) {
			c.Rate, c.Schedule = 0, NewTrace(due)
		})
		require.ErrorIs(t, r.SetRate(10), errNoRate)
		r.SetPaused(true)
		s := r.wait()
		require.EqualValues(t, 4, s.Completed)
		require.Equal(t, time.Second+20*time.Millisecond, time.Since(begun), "paused or not, then the last answer")
		require.False(t, s.Paused)
		var got []time.Duration
		for _, res := range r.results {
			got = append(got, res.Intended.Sub(begun))
		}
		require.ElementsMatch(t, due, got)
	})
}

func TestEmptyTraceEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.Zero(t, start(t, fake{}, func(c *Config) { c.Schedule = NewTrace(nil) }).wait().Scheduled)
	})
}

func TestTraceHeedsTheDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, fake{}, func(c *Config) {
			c.Schedule, c.Duration = NewTrace([]time.Duration{time.Second, 3 * time.Second}), 2*time.Second
		}).wait()
		require.EqualValues(t, 1, s.Completed)
	})
}

func TestClosedLoopWaitsForAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: 100 * time.Millisecond}, func(c *Config) {
			c.Rate, c.Users, c.Think, c.Duration = 0, 3, 150*time.Millisecond, 990*time.Millisecond
		})
		s := r.wait()
		require.EqualValues(t, 3*4, s.Completed, "each user sends at 0, 250, 500 and 750 ms")
		require.EqualValues(t, 100, s.Latency.MeanMS)
		require.Zero(t, s.LagMaxMS)
		require.Zero(t, s.Intensity)
		require.ErrorIs(t, r.SetRate(10), errNoRate)
	})
}

func TestClosedLoopDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: 300 * time.Millisecond}, func(c *Config) { c.Rate, c.Users = 0, 2 }).after(time.Second)
		r.cancel()
		s := r.wait()
		require.EqualValues(t, 8, s.Completed, "the fourth of each ends in the drain")
		require.Zero(t, s.Cancelled)
	})
}

func TestByName(t *testing.T) {
	for _, name := range []string{"poisson", "constant", "ramp", "sine", "burst", "step"} {
		kind, shape, err := ByName(name, 20*time.Second)
		require.NoError(t, err)
		require.NoError(t, shape.Validate())
		_, err = NewArrivals(kind, 10, shape, 1)
		require.NoError(t, err)
	}
	_, shape, err := ByName("step", 20*time.Second)
	require.NoError(t, err)
	require.Equal(t, Step{At: 10 * time.Second, To: 2}, shape)
	_, _, err = ByName("wave", 0)
	require.ErrorContains(t, err, Named)
}

func TestPercentilesAsText(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: 20 * time.Millisecond}, func(c *Config) { c.Duration = time.Second })
		r.wait()
		var b strings.Builder
		require.NoError(t, r.WritePercentiles(&b))
		require.Regexp(t, `(?s)^ +Value\s+Percentile\s+TotalCount.*\b20\.\d+\s+1\.0+\s+100\b.*Total count\s+=\s+100`, b.String())
	})
}

func TestClosedLoopDoesNotHammerATargetThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, fake{err: errors.New("refused")}, func(c *Config) {
			c.Rate, c.Users, c.Duration = 0, 2, 990*time.Millisecond
		}).wait()
		require.EqualValues(t, 20, s.Failed)
	})
}

func TestALoopBeginsAgain(t *testing.T) {
	l := NewLoop([]time.Duration{0, 3, 7}, 10)
	for _, want := range []time.Duration{0, 3, 7, 10, 13, 17, 20} {
		require.Equal(t, want, l.Next())
		l.Advance()
	}
	for _, never := range []*Loop{NewLoop(nil, 10), NewLoop([]time.Duration{0}, 0)} {
		require.Equal(t, Never, never.Next())
		never.Advance()
	}
}
