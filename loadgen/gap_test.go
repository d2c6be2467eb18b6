package loadgen

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// stopped is a trace during which the whole process is stopped, once: time passes while the generator is busy.
type stopped struct {
	*Trace
	at   int // requests passed
	long time.Duration
}

func (s *stopped) Advance() {
	s.Trace.Advance()
	if s.passed == s.at {
		<-time.After(s.long)
	}
}

// even is a trace of even gaps.
func even(gap time.Duration, n int) *Trace {
	due := make([]time.Duration, n)
	for i := range due {
		due[i] = time.Duration(i+1) * gap
	}
	return NewTrace(due)
}

// What was due while the process was stopped is not sent at once afterwards.
func TestAGapIsCutOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gaps []Gap
		r := start(t, fake{takes: 5 * time.Millisecond}, func(c *Config) {
			c.Schedule = &stopped{even(10*time.Millisecond, 1000), 100, 5 * time.Second}
			c.OnGap = func(g Gap) { gaps = append(gaps, g) }
		})
		s := r.wait()
		require.Equal(t, []Gap{{Start: time.Second, End: 6 * time.Second, Missed: 500}}, gaps)
		require.EqualValues(t, 500, s.Missed)
		require.Equal(t, 5*time.Second, s.StoodStill)
		require.EqualValues(t, 500, s.Scheduled)
		require.EqualValues(t, 500, s.Completed)
		require.EqualValues(t, 1, s.Late, "the one that was being sent")
		require.EqualValues(t, 601, r.results[100].Seq, "its place in the schedule")
	})
}

// A short one is caught up: that is what an open loop is for.
func TestAShortDelayIsNoGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{}, func(c *Config) {
			c.Schedule = &stopped{even(10*time.Millisecond, 200), 100, GapThreshold}
			c.OnGap = func(Gap) { t.Error("a gap") }
		})
		s := r.wait()
		require.EqualValues(t, 200, s.Completed)
		require.Zero(t, s.Missed)
	})
}

// Nothing of a gap is left to send after the end.
func TestAGapOverTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, fake{}, func(c *Config) {
			c.Schedule = &stopped{even(10*time.Millisecond, 1000), 100, time.Minute}
			c.Duration = 2 * time.Second
		}).wait()
		require.EqualValues(t, 100, s.Scheduled)
		require.EqualValues(t, 100, s.Missed, "but for what was due after the end")
	})
}

// A pause and a quiet schedule are none.
func TestNoGapWhereNothingIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{}, func(c *Config) {
			c.Rate, c.Duration = 0.01, time.Hour
			c.OnGap = func(Gap) { t.Error("a gap") }
		}).after(10 * time.Minute)
		r.SetPaused(true)
		r.after(10 * time.Minute)
		r.SetPaused(false)
		require.EqualValues(t, 30, r.wait().Completed)
	})
}
