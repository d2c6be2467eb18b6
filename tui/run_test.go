package tui

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/teatest/v2"
	"github.com/charmbracelet/x/vt"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/live"
	"slbtui/tui/canned"
	"slbtui/tui/cast"
)

// teatest watches for signals in a goroutine of its own, for ever.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/charmbracelet/x/exp/teatest/v2.NewTestModel.func2"))
}

func plain(m *Model) string { return ansi.Strip(m.View().Content) }

func TestProgram(t *testing.T) {
	f := &canned.Engine{Snap: canned.Snapshot(3)}
	tm := teatest.NewTestModel(t, New(f, Options{FPS: 60}), teatest.WithInitialTermSize(120, 40))
	teatest.WaitFor(t, tm.Output(), func(out []byte) bool { return bytes.Contains(out, []byte("server3")) }, teatest.WithDuration(30*time.Second))
	tm.Type("t")
	require.Eventually(t, func() bool { return len(f.Orders()) == 1 }, 30*time.Second, time.Millisecond)
	require.Equal(t, live.ToggleRL{}, f.Orders()[0])
	tm.Type("q")
	tm.WaitFinished(t, teatest.WithFinalTimeout(30*time.Second))
}

func headless() []tea.ProgramOption {
	return []tea.ProgramOption{tea.WithInput(nil), tea.WithOutput(io.Discard), tea.WithWindowSize(80, 24), tea.WithoutSignalHandler(), tea.WithColorProfile(colorprofile.TrueColor)}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.NoError(t, Run(ctx, &canned.Engine{Snap: canned.Snapshot(3)}, Options{}, headless()...))
}

func TestRunQuitsOnQ(t *testing.T) {
	options := append(headless(), tea.WithInput(strings.NewReader("q")))
	require.NoError(t, Run(context.Background(), &canned.Engine{}, Options{}, options...))
}

// screen collects what a program writes.
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

func TestNoColor(t *testing.T) {
	for _, noColor := range []bool{true, false} {
		t.Setenv("NO_COLOR", "")
		keyboard, press := io.Pipe()
		out := &screen{}
		done := make(chan error, 1)
		options := []tea.ProgramOption{tea.WithInput(keyboard), tea.WithOutput(out), tea.WithWindowSize(80, 24), tea.WithoutSignalHandler()}
		if !noColor {
			options = append(options, tea.WithColorProfile(colorprofile.TrueColor))
		}
		go func() {
			done <- Run(context.Background(), &canned.Engine{Snap: canned.Snapshot(3)}, Options{NoColor: noColor}, options...)
		}()
		require.Eventually(t, func() bool { return strings.Contains(out.String(), "server3") }, 30*time.Second, time.Millisecond)
		_, err := press.Write([]byte("q"))
		require.NoError(t, err)
		require.NoError(t, <-done)
		require.NoError(t, press.Close())
		require.Equal(t, !noColor, strings.Contains(out.String(), "38;2;"))
		require.Contains(t, out.String(), ansi.ResetModeAltScreenSaveCursor, "the terminal is restored")
	}
}

// failing panics where it is told to.
type failing struct{ canned.Engine }

func (*failing) Snapshot() *live.Snapshot { panic("no snapshot for you") }

func TestAPanicBecomesAnError(t *testing.T) {
	err := Run(context.Background(), &failing{}, Options{}, headless()...)
	require.ErrorContains(t, err, "no snapshot for you")
	require.ErrorContains(t, err, "Snapshot(", "the stack is in it")

	sick := &guard{inner: New(&canned.Engine{}, Options{})}
	sick.inner.actions = nil
	sick.inner.w, sick.inner.h = 80, 24
	sick.inner.snap = nil // what View can't bear
	sick.View()
	_, cmd := sick.Update(nil)
	require.Equal(t, tea.QuitMsg{}, cmd())
	require.ErrorContains(t, sick.crash, "crashed in View")
}

// What is recorded, played on a terminal of that size, is what the screen shows.
func TestARecordingShowsTheScreen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.cast")
	recorder, err := cast.Create(path, cast.Size{Cols: 100, Rows: 30}, "xterm")
	require.NoError(t, err)
	sent, err := os.Create(filepath.Join(dir, "sent"))
	require.NoError(t, err)
	keyboard, typed := io.Pipe()
	done := make(chan error, 1)
	options := append(headless(), tea.WithInput(keyboard), tea.WithOutput(cast.NewScreen(sent, recorder)))
	go func() {
		done <- Run(context.Background(), &canned.Engine{Snap: canned.Snapshot(3)}, Options{NoMotion: true, Cast: recorder}, options...)
	}()
	want := console(canned.Snapshot(3), 80, 24, Options{NoMotion: true})
	for _, k := range []string{"1", "3", "z"} {
		want.Update(press(k))
		_, err = io.WriteString(typed, k)
		require.NoError(t, err)
		body := strings.Split(plain(want), "\n")[1:23] // the clock and the footer go on
		require.Eventually(t, func() bool {
			shown := strings.Split(played(t, path), "\n")
			return len(shown) == 24 && slices.EqualFunc(body, shown[1:23], func(a, b string) bool {
				return strings.TrimRight(a, " ") == strings.TrimRight(b, " ")
			})
		}, 30*time.Second, 20*time.Millisecond, "after %q", k)
	}
	_, err = io.WriteString(typed, "q")
	require.NoError(t, err)
	require.NoError(t, <-done)
	require.NoError(t, typed.Close())
	require.NoError(t, recorder.Close())
	require.NoError(t, sent.Close())
	require.Contains(t, read(t, path), `"r","80x24"`, "the program knows better how large the terminal is")
}

// played is what a terminal shows that has been sent what was recorded so far.
func played(t *testing.T, path string) string {
	size, events, err := cast.Read(strings.NewReader(read(t, path)))
	require.NoError(t, err)
	screen := vt.NewEmulator(size.Cols, size.Rows)
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		_, _ = io.Copy(io.Discard, screen)
	}()
	for _, e := range events {
		if e.Text == "" {
			screen.Resize(e.Size.Cols, e.Size.Rows)
			continue
		}
		_, _ = screen.WriteString(strings.ReplaceAll(e.Text, "\n", "\r\n")) // without a terminal in raw mode
	}
	require.NoError(t, screen.InputPipe().(io.Closer).Close()) // its own Close would race with who reads
	<-answered
	return screen.String()
}

func read(t *testing.T, path string) string {
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}
