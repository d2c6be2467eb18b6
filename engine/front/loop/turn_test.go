//go:build linux

package loop

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A loop is kept waiting when it has work and the processor is ours, or events that nobody takes.
func TestWhoIsKeptWaiting(t *testing.T) {
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer func() { _, _ = read.Close(), write.Close() }()
	other := &turn{poll: int(read.Fd())}
	m := manners{own: &turn{}, others: []*turn{other}, queued: make([]time.Duration, 1)}
	stay(t)

	now := time.Second
	require.False(t, m.keepsWaiting(now), "it rests")
	other.began.Store(int64(now))
	other.processor.Store(processor())
	require.False(t, m.keepsWaiting(now+kept-1), "it has not been long")
	require.True(t, m.keepsWaiting(now+kept))
	other.processor.Store(processor() + 1)
	require.False(t, m.keepsWaiting(now+kept), "it runs elsewhere")

	other.began.Store(0)
	_, err = write.Write([]byte{1})
	require.NoError(t, err)
	require.False(t, m.keepsWaiting(now), "whoever wakes it may be about to")
	require.False(t, m.keepsWaiting(now+kept-1))
	require.True(t, m.keepsWaiting(now+kept))
	_, err = read.Read(make([]byte, 1))
	require.NoError(t, err)
	require.False(t, m.keepsWaiting(now+2*kept))
	require.Zero(t, m.queued[0])
}

// Of many that rest a few are asked at a time, each in its turn.
func TestEachIsAskedInTurn(t *testing.T) {
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer func() { _, _ = read.Close(), write.Close() }()
	_, err = write.Write([]byte{1})
	require.NoError(t, err)
	m := manners{own: &turn{}, queued: make([]time.Duration, 2*maxAsks+1)}
	for range m.queued {
		m.others = append(m.others, &turn{poll: int(read.Fd())})
	}
	for look := range 3 {
		require.False(t, m.keepsWaiting(time.Duration(look+1)))
	}
	require.NotContains(t, m.queued, time.Duration(0))
	require.Equal(t, []time.Duration{1, 1, 1, 1, 2, 2, 2, 2, 3}, m.queued)
}

// stay keeps the test on the processor that it has.
func stay(t *testing.T) {
	var all, one unix.CPUSet
	require.NoError(t, unix.SchedGetaffinity(0, &all))
	one.Set(int(processor()))
	require.NoError(t, unix.SchedSetaffinity(0, &one))
	t.Cleanup(func() { require.NoError(t, unix.SchedSetaffinity(0, &all)) })
}

// Nothing is given away for longer and longer while that is dear, and soon again when it no longer is.
func TestGenerosity(t *testing.T) {
	var g generosity
	require.Zero(t, g.pause(dear-1))
	require.Equal(t, 2*time.Millisecond, g.pause(dear))
	require.Equal(t, 4*time.Millisecond, g.pause(dear))
	for range 20 {
		g.pause(dear)
	}
	require.Equal(t, 4096*time.Millisecond, g.pause(dear))
	for range 4 {
		require.Zero(t, g.pause(0))
	}
	require.Equal(t, 2*time.Millisecond, g.pause(dear))

	m := manners{own: &turn{}, others: []*turn{{}}, queued: make([]time.Duration, 1)}
	stay(t)
	m.others[0].began.Store(1)
	m.others[0].processor.Store(processor())
	m.begin(time.Second)
	require.False(t, m.obliged(time.Second+turnTime-1))
	require.True(t, m.obliged(time.Second+turnTime))
	m.give(time.Second, func() time.Duration { return time.Second + dear })
	require.Equal(t, time.Second+dear+turnTime, m.next)
	require.Equal(t, time.Second+dear+2*time.Millisecond, m.spared)
	m.rest()
	m.begin(2 * time.Second)
	require.False(t, m.obliged(2*time.Second), "who has rested begins a turn")
}
