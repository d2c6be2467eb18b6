package steer

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/metrics"
	"slbtui/engine/simulate"
)

func sorted(lines []told) {
	slices.SortStableFunc(lines, func(a, b told) int { return cmp.Compare(a.at, b.at) })
}

func scenario(t testing.TB, name string) simulate.Scenario {
	sc, err := simulate.Lookup(name)
	require.NoError(t, err)
	return sc
}

// The log alone tells what the servers are: 50, 75 and 100 ms, four at once each.
func TestServersAreLearnedFromTheLog(t *testing.T) {
	for _, counts := range []bool{true, false} {
		lines := logOf(t, scenario(t, "steady60"), "least_request", counts)
		o := watch(lines, "app", nil)
		names, services := o.Known()
		require.ElementsMatch(t, []string{"server1", "server2", "server3"}, names)
		for i, name := range names {
			want := map[string]float64{"server1": 50, "server2": 75, "server3": 100}[name]
			require.InEpsilon(t, want*1.045, services[i].MeanMS, 0.1, name) // a log-normal of sigma .3 has a mean above its median
			require.InDelta(t, 4, services[i].Slots, 1, name)
			require.InDelta(t, 1, services[i].Speed, 0.2, name)
		}
		require.EqualValues(t, len(lines), o.Sight().heard.used)
	}
}

// In-flight is that of the overlaps: exact where HAProxy counts, and without its counts as far as requests take no
// longer than is waited for.
func TestInFlightIsRebuilt(t *testing.T) {
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	flights := []flight{ // two servers, by their starts
		{start: ms(0), end: ms(100), server: 0, others: 2}, {start: ms(10), end: ms(200), server: 0, others: 1},
		{start: ms(20), end: ms(2000), server: 0, others: 0}, {start: ms(30), end: ms(90), server: 1, others: 0},
		{start: ms(150), end: ms(300), server: 0, others: 1}, {start: ms(1500), end: ms(1550), server: 0, others: 1},
	}
	want := map[time.Duration]int{ms(0): 0, ms(10): 1, ms(20): 2, ms(30): 0, ms(150): 2, ms(1500): 1}
	got := map[time.Duration]int{}
	o := newOverlap(2, func(f *flight, inFlight func(int) int) { got[f.start] = inFlight(f.server) })
	byEnd := slices.SortedFunc(slices.Values(flights), func(a, b flight) int { return cmp.Compare(a.end, b.end) })
	for _, f := range byEnd {
		o.advance(f.end)
		o.add(f)
	}
	o.advance(ms(5000))
	require.Equal(t, want, got)
	require.Zero(t, o.counts[0].now)
	require.Empty(t, o.due)
}

// Whatever the rate, what is kept is bounded: what is too much is counted and not learned from.
func TestMemoryIsBounded(t *testing.T) {
	r := metrics.NewRecorder(nil)
	r.StartPhase(0, metrics.Turn{Policy: routedBy})
	o := newObserver("app", defaults(), r)
	for n := range 200_000 { // within half a second
		o.Line(httplog("app", "a", epoch.Add(time.Duration(n)*time.Microsecond), 20*time.Millisecond, 200, 3), time.Duration(n)*time.Microsecond)
	}
	require.LessOrEqual(t, cap(o.overlap.flights), 2*maxHeld)
	s := o.Sight()
	require.EqualValues(t, 200_000, s.heard.used)
	require.EqualValues(t, 200_000-maxHeld, s.passed)

	for n := range 5000 { // names that nobody knows
		o.Line(httplog("backend"+strings.Repeat("x", n%50)+string(rune('a'+n%26)), "a", epoch, 0, 200, 0), time.Second)
		o.Line(httplog("app", "server"+string(rune('a'+n%26))+strings.Repeat("y", n/26), epoch, 0, 200, 0), time.Second)
	}
	s = o.Sight()
	require.LessOrEqual(t, len(s.servers), 1000)
	require.Len(t, s.heard.backends, maxBackends)
}

// A server that HAProxy has not is not learned of; of one that stays all is kept.
func TestServersAreThoseOfHAProxy(t *testing.T) {
	o := watch(logOf(t, scenario(t, "steady60"), "least_request", true), "app", []string{"server3", "server1"})
	require.NotZero(t, o.Sight().heard.strangers)
	_, before := o.Known()
	o.SetServers([]string{"server1", "new", "server3"})
	names, after := o.Known()
	require.Equal(t, []string{"server1", "new", "server3"}, names)
	require.InEpsilon(t, before[1].MeanMS, after[0].MeanMS, 0.01)
	require.Equal(t, before[0].Measured, after[2].Measured)
	require.Zero(t, after[1].Measured)
}

// The log's clock is another one: local times, and of another machine.
func TestClocks(t *testing.T) {
	var c clock
	require.Equal(t, 10*time.Second, c.place(5*time.Hour, 10*time.Second))
	require.Equal(t, 11*time.Second, c.place(5*time.Hour+time.Second, 12*time.Second), "a line that came a second late")
	require.Equal(t, 13*time.Second, c.place(4*time.Hour+3*time.Second, 13*time.Second), "the end of daylight saving")
	require.Equal(t, 14*time.Second, c.place(5*time.Hour, 14*time.Second), "its beginning")
	require.Equal(t, 15*time.Second, c.place(9999*time.Hour, 15*time.Second), "a lie ...")
	require.Equal(t, 16*time.Second, c.place(5*time.Hour+2*time.Second, 16*time.Second), "... counts for one line")
	for s := range 600 { // a clock that is slow by a thousandth
		came := 20*time.Second + time.Duration(s)*time.Second
		at := c.place(5*time.Hour+6*time.Second+time.Duration(s)*999*time.Millisecond, came)
		require.InDelta(t, came.Seconds(), at.Seconds(), 0.2)
	}
}

func TestAFileThatGrows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(path, []byte("old\n"), 0o600))
	s, err := FollowFile(path)
	require.NoError(t, err)
	got := make(chan string, 100)
	ended := make(chan error)
	ctx, cancel := contextOf(t)
	go func() { ended <- s.Run(ctx, func(line []byte) { got <- string(line) }) }()
	add := func(text string) {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		require.NoError(t, err)
		_, err = f.WriteString(text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	}
	add("one\r\ntw")
	require.Equal(t, "one", <-got)
	add("o\n")
	require.Equal(t, "two", <-got)
	require.NoError(t, os.Rename(path, path+".1")) // turned
	add("three\n")
	require.Equal(t, "three", <-got)
	add(strings.Repeat("x", 2*maxFileLine) + "\nfour\n")
	for line := <-got; line != "four"; line = <-got {
		require.LessOrEqual(t, len(line), maxFileLine)
	}
	require.NoError(t, os.Truncate(path, 0)) // copied and emptied
	add("five\n")
	require.Equal(t, "five", <-got)
	cancel()
	require.NoError(t, <-ended)

	_, err = FollowFile(t.TempDir())
	require.ErrorContains(t, err, "is no file that grows")
	_, err = ListenSyslog("5140")
	require.ErrorContains(t, err, "such as 127.0.0.1:5140")
}

// Whatever a line says: no panic, no server that HAProxy has not, nothing that a terminal would obey.
func FuzzLine(f *testing.F) {
	f.Add(httplog("app", "a", epoch, 50*time.Millisecond, 200, 3))
	f.Add(httplog("app", "a", epoch, 0, 0, 999999999))
	f.Add([]byte(`x [27/Nov/2026:09:30:00.048] f app/a 1/-1/-1/-1/999999999999 -1 0 - - sH-- 1/1/1/+9/+3 0/0 "`))
	f.Add([]byte(`[27/Nov/2026:09:30:00.048] f app/<NOSRV> 0/-1/-1/-1/0 503 0 - - SC-- 0/0/0/0/0 0/0 "GET"`))
	f.Add([]byte("[27/Feb/1999:09:30:00.000] a \x1b[2J/b 0/0/0/0/0 1 1 1 1 1 1/1/1/1/1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r := metrics.NewRecorder(nil)
		r.StartPhase(0, metrics.Turn{Policy: routedBy})
		o := newObserver("app", defaults(), r)
		for n, line := range bytes.Split(text, []byte("\n")) {
			o.Line(line, time.Duration(n)*time.Second)
			o.Advance(time.Duration(n) * time.Second)
		}
		o.Advance(time.Hour)
		names, services := o.Known()
		for i, name := range names {
			require.NotContains(t, name, "\x1b")
			require.GreaterOrEqual(t, services[i].MeanMS, 0.0)
			require.GreaterOrEqual(t, o.overlap.counts[i].now, 0)
		}
		h := o.Sight().heard
		require.NotContains(t, h.wrong("app", "x"), "\x1b")
	})
}
