package cast

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// clock is a time that passes when it is told to.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func record(t *testing.T) (*Recorder, *clock, string) {
	t.Helper()
	c := &clock{at: time.Unix(1_700_000_000, 0)}
	path := filepath.Join(t.TempDir(), "a.cast")
	r, err := create(path, Size{80, 24}, "xterm", c.now)
	require.NoError(t, err)
	return r, c, path
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}

func TestTheFormat(t *testing.T) {
	r, c, path := record(t)
	c.at = c.at.Add(1500 * time.Millisecond)
	r.Sent([]byte("\x1b[1m<a> ▮\r\n"))
	r.Resize(Size{80, 24}) // as it is
	r.Resize(Size{120, 40})
	c.at = c.at.Add(250 * time.Millisecond)
	r.Sent([]byte("b"))
	require.NoError(t, r.Close())
	require.Equal(t, `{"version":3,"term":{"cols":80,"rows":24,"type":"xterm"},"timestamp":1700000000,"title":"slbtui"}
[1.500,"o","\u001b[1m<a> ▮\r\n"]
[0.250,"r","120x40"]
[0.000,"o","b"]
[0.000,"x","0"]
`, text(t, path))
}

// Times do not drift: what is rounded away of one event is in the next.
func TestTimesAddUp(t *testing.T) {
	r, c, path := record(t)
	for range 1000 {
		c.at = c.at.Add(1400 * time.Microsecond)
		r.Sent([]byte("a"))
	}
	require.NoError(t, r.Close())
	_, events, err := Read(strings.NewReader(text(t, path)))
	require.NoError(t, err)
	require.Len(t, events, 1000)
	require.Equal(t, 1400*time.Millisecond, events[999].At)
}

// Whatever is sent, in whatever pieces, is what is read: JSON has no half characters.
func TestWhatIsReadIsWhatWasSent(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		path := filepath.Join(dir, strings.Repeat("x", 1+n%7)+".cast")
		_ = os.Remove(path)
		r, err := Create(path, Size{80, 24}, "")
		require.NoError(rt, err)
		whole := []byte(rapid.String().Draw(rt, "text"))
		rest := whole
		for len(rest) > 0 {
			k := rapid.IntRange(1, len(rest)).Draw(rt, "piece")
			r.Sent(rest[:k])
			rest = rest[k:]
		}
		require.NoError(rt, r.Close())
		size, events, err := Read(strings.NewReader(text(t, path)))
		require.NoError(rt, err)
		require.Equal(rt, Size{80, 24}, size)
		got := ""
		for _, e := range events {
			got += e.Text
		}
		require.Equal(rt, string(whole), got)
	})
}

func TestNothingIsOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.cast")
	require.NoError(t, os.WriteFile(path, []byte("mine"), 0o600))
	_, err := Create(path, Size{80, 24}, "")
	require.ErrorContains(t, err, "choose another")
	require.Equal(t, "mine", text(t, path))
	_, err = Create(filepath.Join(path, "b.cast"), Size{80, 24}, "")
	require.ErrorContains(t, err, "begin the recording")
}

// A recording has an end; the terminal does not notice it.
func TestItIsBounded(t *testing.T) {
	r, _, path := record(t)
	r.limit = 1000
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	screen := NewScreen(out, r)
	for range 100 {
		_, err := screen.WriteString("0123456789")
		require.NoError(t, err)
	}
	copied, err := screen.ReadFrom(strings.NewReader("0123456789"))
	require.NoError(t, err)
	require.EqualValues(t, 10, copied)
	require.NoError(t, out.Close())
	require.Len(t, text(t, out.Name()), 1010)
	require.ErrorContains(t, r.Close(), "it would be larger than")
	require.LessOrEqual(t, len(text(t, path)), 1000)
	_, events, err := Read(strings.NewReader(text(t, path)))
	require.NoError(t, err)
	require.NotEmpty(t, events)
}

func TestLinesAreThoseOfATerminal(t *testing.T) {
	r, _, path := record(t)
	var out bytes.Buffer
	_, err := io.WriteString(Lines(&out, r), "a\nb\n")
	require.NoError(t, err)
	require.NoError(t, r.Close())
	require.Equal(t, "a\nb\n", out.String())
	require.Contains(t, text(t, path), `"a\r\nb\r\n"`)
}

func TestWhatIsNoRecording(t *testing.T) {
	const head = `{"version":3,"term":{"cols":80,"rows":24}}` + "\n"
	for in, want := range map[string]string{
		"":                                     "it is empty",
		"x":                                    "line 1: want the header",
		`{"version":2,"width":80,"height":24}`: "version 3",
		`{"version":3,"term":{"cols":0,"rows":24}}`:             "0x24: each side",
		head + "[1,\"o\"]\n[1,\"o\",\"a\"]\n":                   "line 2: want [SECONDS",
		head + "[-1,\"o\",\"a\"]\n[1,\"o\",\"a\"]\n":            "line 2: -1 s",
		head + "[1e300,\"o\",\"a\"]\n[1,\"o\",\"a\"]\n":         "line 2: 1e+300 s",
		head + "# remark\n[1,\"r\",\"axb\"]\n[1,\"o\",\"a\"]\n": `line 3: resize to "axb"`,
		head + "[1,\"r\",\"9999x2\"]\n[1,\"o\",\"a\"]\n":        "9999x2",
	} {
		_, _, err := Read(strings.NewReader(in))
		require.ErrorContains(t, err, want, in)
	}
	_, events, err := Read(strings.NewReader(head + "[1,\"o\",\"a\"]\n\n[1,\"i\",\"k\"]\n[0.5,\"o\",\"b\"]\n[0.1,\"o\",\"to"))
	require.NoError(t, err, "a crash may cut the last line short")
	require.Equal(t, []Event{{At: time.Second, Text: "a"}, {At: 2500 * time.Millisecond, Text: "b"}}, events)
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"version":3,"term":{"cols":80,"rows":24}}` + "\n[1,\"o\",\"a\"]\n[1,\"r\",\"90x20\"]\n[0,\"x\",\"0\"]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, events, err := Read(bytes.NewReader(data))
		if err != nil {
			require.Contains(t, err.Error(), "read the recording: ")
		}
		last := time.Duration(0)
		for _, e := range events {
			require.GreaterOrEqual(t, e.At, last)
			last = e.At
		}
	})
}
