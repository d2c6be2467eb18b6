package plain

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen collects what is said.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// failing panics where it is told to.
type failing struct{ canned.Engine }

func (*failing) Snapshot() *live.Snapshot { panic("no snapshot for you") }

// talk is a conversation with Run in the virtual time of synctest.
type talk struct {
	t   *testing.T
	f   *canned.Engine
	in  *io.PipeWriter
	out *screen
	end chan error
}

func newTalk(ctx context.Context, t *testing.T, snap *live.Snapshot, o Options) *talk {
	in, keyboard := io.Pipe()
	k := &talk{t, &canned.Engine{Snap: snap}, keyboard, &screen{}, make(chan error, 1)}
	go func() { k.end <- Run(ctx, k.f, in, k.out, o) }()
	time.Sleep(MinInterval)
	synctest.Wait()
	return k
}

func (k *talk) typed(line string) {
	_, err := io.WriteString(k.in, line+"\n")
	require.NoError(k.t, err)
	synctest.Wait()
}

func (k *talk) show(s *live.Snapshot) {
	k.f.Show(s)
}

// quit ends the conversation and returns all that was said.
func (k *talk) quit() string {
	k.typed("q")
	require.NoError(k.t, <-k.end)
	require.NoError(k.t, k.in.Close())
	return k.out.String()
}

func TestPlain(t *testing.T) {
	var said string
	synctest.Test(t, func(t *testing.T) {
		k := newTalk(t.Context(), t, canned.Snapshot(3), Options{Interval: 2 * time.Second})
		time.Sleep(5 * time.Second) // two lines, the second without the servers: they are as they were
		later := canned.Snapshot(3)
		later.Seq, later.At = 900, 90*time.Second
		later.Servers[1].State, later.Servers[2].Share, later.Load.Paused = "DOWN", 0.2, true
		last := later.Events[len(later.Events)-1]
		for _, number := range []uint64{12, 13} { // 8-11 are lost
			last.Number, last.At, last.Text = number, later.At, "an event\x1b[2J of\na hostile server"
			later.Events = append(later.Events, last)
		}
		later.Events = later.Events[5:]
		k.show(later)
		time.Sleep(2 * time.Second)
		for _, line := range []string{"slow s2 5x 20s", "toggle", ":eps 0.2", "e 0.3", "slow s9 5", "theme light", "", "show why", "show comparison", "show latencies", "show table", "show", "reset", "no", "reset", "yes", "freeze"} {
			_, err := io.WriteString(k.out, "> "+line+"\n") // as a terminal would echo it
			require.NoError(t, err)
			k.typed(line)
		}
		time.Sleep(10 * time.Second) // nothing is said
		k.typed("freeze")
		said = k.quit()
		require.Equal(t, []live.Command{
			live.SetFault{Server: "server2", Fault: fault.Fault{Slow: 5}, For: 20 * time.Second}, live.ToggleRL{},
			live.SetParam{Learner: "q_learning", Param: "epsilon", Value: 0.2}, live.ResetLearner{Name: "q_learning"},
		}, k.f.Orders())
	})
	require.NotContains(t, said, "\x1b")
	golden.RequireEqual(t, said)
}

func TestPlainShowsEveryView(t *testing.T) {
	for _, snap := range []*live.Snapshot{canned.Snapshot(3), canned.Snapshot(100), canned.Broken(), {Seq: 1, State: "running"}} {
		synctest.Test(t, func(t *testing.T) {
			k := newTalk(t.Context(), t, snap, Options{})
			for _, v := range viewNames() {
				k.typed("show " + v)
			}
			k.typed("status")
			k.typed("scenario")
			k.typed("help")
			time.Sleep(DefaultInterval)
			for line := range strings.Lines(k.quit()) {
				require.Equal(t, line, format.Printable(strings.TrimSuffix(line, "\n"))+"\n")
				require.NotContains(t, line, "NaN")
			}
		})
	}
}

func TestPlainReadOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTalk(t.Context(), t, canned.Snapshot(3), Options{ReadOnly: true})
		for _, line := range []string{"slow s2 5x", "reset", "help", "export"} {
			k.typed(line)
		}
		said := k.quit()
		require.Contains(t, said, "error: read-only: slow would change the engine\nerror: read-only: reset would")
		require.NotContains(t, said, "\nslow SERVER")
		require.Equal(t, []live.Command{live.Export{}}, k.f.Orders())
	})
}

func TestPlainEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		k := newTalk(ctx, t, nil, Options{})
		cancel()
		require.NoError(t, <-k.end, "with its context")
		require.Empty(t, k.out.String(), "there was nothing to say yet")
		require.NoError(t, k.in.Close())

		k = newTalk(t.Context(), t, canned.Snapshot(3), Options{EndWithInput: true})
		require.NoError(t, k.in.Close())
		require.NoError(t, <-k.end, "with its input, if that is a terminal")

		ctx, cancel = context.WithCancel(t.Context())
		k = newTalk(ctx, t, canned.Snapshot(3), Options{})
		require.NoError(t, k.in.Close())
		synctest.Wait()
		require.Contains(t, k.out.String(), "input has ended")
		cancel()
		require.NoError(t, <-k.end)
	})
}

type deaf struct{}

func (deaf) Write([]byte) (int, error) { return 0, errors.New("nobody listens") }

func TestPlainFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, keyboard := io.Pipe()
		err := Run(t.Context(), &canned.Engine{Snap: canned.Snapshot(3)}, in, deaf{}, Options{})
		require.ErrorContains(t, err, "plain text: nobody listens")
		require.NoError(t, keyboard.Close())
		err = Run(t.Context(), &failing{}, strings.NewReader(""), io.Discard, Options{})
		require.ErrorContains(t, err, "no snapshot for you")
	})
}

// A prediction is said when it is done, once.
func TestPlainWhatIf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTalk(t.Context(), t, canned.Predicted("running"), Options{})
		k.typed("whatif")
		time.Sleep(time.Second)
		require.NotContains(t, k.out.String(), "-29 to -23%")
		done := canned.Predicted("done")
		done.Seq++
		k.show(done)
		time.Sleep(time.Second)
		require.Equal(t, 1, strings.Count(k.quit(), "-29 to -23%"))
		require.Equal(t, []live.Command{live.AskWhatIf{}}, k.f.Orders())
	})
}

func TestPlainLookBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newTalk(t.Context(), t, canned.LookedBack("running", ""), Options{ReadOnly: true})
		k.typed("back")
		time.Sleep(time.Second)
		done := canned.LookedBack("done", "")
		done.Seq++
		k.show(done)
		time.Sleep(time.Second)
		said := k.quit()
		require.Equal(t, 1, strings.Count(said, "q_factored: mean 62ms, p99 280ms, errors 0.2%, -29 to -23%"))
		require.Contains(t, said, "With q_factored the mean would have been")
		require.Equal(t, []live.Command{live.AskLookBack{}}, k.f.Orders())
	})
}

// What a list would offer is said, and chosen by the command's argument.
func TestPlainScenario(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		snap := canned.Snapshot(3)
		snap.Scenario = canned.Slow5x(20 * time.Second)
		k := newTalk(t.Context(), t, snap, Options{})
		for _, line := range []string{"scenario", "scenario slow5x", "status"} {
			k.typed(line)
		}
		said := k.quit()
		require.Contains(t, said, "Which scenario? Type the command again with one of:\nsteady60: load .6\nslow5x: ")
		require.Contains(t, said, "scenario slow5x at 00:20 of 01:00")
		require.Equal(t, []live.Command{live.PlayScenario{Name: "slow5x"}}, k.f.Orders())
	})
}

func TestWhatIfInWords(t *testing.T) {
	said := func(s *live.Snapshot) string { return strings.Join(whatIf(s, s.WhatIf, viewWhatIf), "\n") }
	require.Contains(t, said(canned.Predicted("done")), "q_factored: mean 62ms, p99 280ms, errors 0.2%, -29 to -23%\n")
	require.Contains(t, said(canned.Predicted("running")), "3 of 9")
	require.Contains(t, said(canned.Snapshot(3)), "whatif asks")
}

// What a command says of its failure, and what only a screen can show.
func TestPlainSaysWhatWasNotDone(t *testing.T) {
	out := &screen{}
	p := newSpeaker(&canned.Engine{Snap: canned.Snapshot(3), Err: context.DeadlineExceeded}, out, Options{})
	p.command("toggle")
	require.Equal(t, "error: switched between RR and RL: the engine did not answer within 2 s\n", out.String())
	p.perform(box.Act{Open: &dialog.Server{}})
	require.Contains(t, out.String(), "error: this needs the screen\n")
	p.command("hel")
	require.Contains(t, out.String(), "slow SERVER FACTOR [FOR]: multiply", "short for help")
}
