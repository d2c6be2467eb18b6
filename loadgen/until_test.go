package loadgen

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// streamer answers at once, and its bodies go on for a time, or until the request's end.
type streamer struct{ lasts time.Duration }

func (s streamer) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: streamed{s.lasts, req.Context()}}, nil
}

type streamed struct {
	lasts time.Duration
	ctx   context.Context
}

func (b streamed) Read([]byte) (int, error) {
	select {
	case <-time.After(b.lasts):
		return 0, io.EOF
	case <-b.ctx.Done():
		return 0, errors.New("cut")
	}
}

func (streamed) Close() error { return nil }

// Who waits for the beginning has it at once, whatever becomes of the rest; neither timeout nor result
// hear of that.
func TestUntilAnswerBegins(t *testing.T) {
	for lasts, open := range map[time.Duration]uint64{30 * time.Second: 100, time.Hour: 100, 0: 0} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			r := start(t, streamer{lasts}, func(c *Config) {
				c.Until, c.Timeout, c.Duration, c.Drain = AnswerBegin, 5*time.Second, time.Second, time.Minute
			})
			s := r.after(2 * time.Second).Stats()
			require.EqualValues(t, 100, s.Completed)
			require.Zero(t, s.Failed)
			require.Zero(t, s.Latency.MaxMS)
			require.Zero(t, s.InFlight, "as far as clients are concerned")
			r.wait()
			switch {
			case open == 0:
				require.Less(t, time.Since(begun), 3*time.Second)
			case lasts < time.Minute:
				require.InDelta(t, 31*time.Second, time.Since(begun), float64(time.Second), "the run sees the streams out")
			default:
				require.InDelta(t, 61*time.Second, time.Since(begun), float64(time.Second), "or cuts them after the drain")
			}
		})
	}
}

// Until the beginning the timeout counts.
func TestUntilAnswerBeginsTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, fake{takes: time.Hour}, func(c *Config) {
			c.Until, c.Timeout, c.Duration, c.Drain = AnswerBegin, 5*time.Second, time.Second, time.Minute
		})
		require.EqualValues(t, 100, r.wait().Failed)
	})
}
