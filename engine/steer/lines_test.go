package steer

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"slbtui/engine/metrics"
	"slbtui/engine/simulate"
	"slbtui/qlearn"
	"slbtui/qlearn/deep"
	"slbtui/qlearn/factored"
	"slbtui/qlearn/shared"
	"slbtui/routing/policy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func defaults() policy.Options {
	return policy.Options{
		Seed: 1, QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(), Reward: qlearn.DefaultRewardConfig(),
		QFactored: factored.DefaultConfig(), DQN: deep.DefaultConfig(), QNetwork: shared.DefaultConfig(),
	}
}

// epoch is when HAProxy's clock begins in tests.
var epoch = time.Date(2026, 11, 27, 9, 30, 0, 0, time.UTC)

// httplog is a line of option httplog of a request to backend/server that began at start.
func httplog(backend, server string, start time.Time, took time.Duration, status, others int) []byte {
	end := "----"
	if status == 0 {
		end = "SH--"
	}
	ms := took.Milliseconds()
	return fmt.Appendf(nil, `<134>Nov 27 09:30:00 haproxy[77]: 127.0.0.1:46262 [%s] front %s/%s 0/0/0/%d/%d %d 133 - - %s 5/5/4/%d/0 0/0 "GET / HTTP/1.1"`,
		start.Format("02/Jan/2006:15:04:05.000"), backend, server, ms, ms, status, end, others)
}

// told is a line, and when it came.
type told struct {
	at   time.Duration
	line []byte
}

// logOf is the log of a HAProxy in virtual time: with HAProxy's own counts where counts says so.
func logOf(t testing.TB, sc simulate.Scenario, routes string, counts bool) (lines []told) {
	t.Helper()
	sc.Records = true
	r, err := simulate.Run(sc, routes, defaults(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range r.Records {
		end := rec.Due + rec.Latency
		others, status := -1, 200
		if counts {
			others = 0
			for _, other := range r.Records {
				if other.Due > end {
					break
				}
				if other.Server == rec.Server && other.Due+other.Latency > end {
					others++
				}
			}
		}
		if rec.Failed {
			status = 500
		}
		lines = append(lines, told{end, httplog("app", sc.Servers[rec.Server].ID, epoch.Add(rec.Due), rec.Latency, status, others)})
	}
	return lines
}

// watch lets an observer read a log in its own time.
func watch(lines []told, backend string, closed []string) *observer {
	r := metrics.NewRecorder(nil)
	r.StartPhase(0, metrics.Turn{Policy: routedBy})
	o := newObserver(backend, defaults(), r)
	if closed != nil {
		o.SetServers(closed)
	}
	sorted(lines)
	for _, l := range lines {
		o.Line(l.line, l.at)
		o.Advance(l.at)
	}
	o.Advance(lines[len(lines)-1].at + time.Second)
	return o
}

// typed is a source of the lines that a test sends.
type typed chan []byte

func (typed) String() string { return "127.0.0.1:5140" }

func (s typed) Run(ctx context.Context, line func([]byte)) error {
	for {
		select {
		case l := <-s:
			line(l)
		case <-ctx.Done():
			return nil
		}
	}
}

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	return ctx, cancel
}
