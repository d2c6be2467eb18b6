package report

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"
)

var errDiskFull = errors.New("no space left on device")

// diskFull accepts some bytes, then fails, as a full disk does: the last write may be cut.
type diskFull struct {
	text strings.Builder
	left int
}

func (d *diskFull) Write(p []byte) (int, error) {
	n := min(d.left, len(p))
	d.left -= n
	d.text.Write(p[:n])
	if n < len(p) {
		return n, errDiskFull
	}
	return n, nil
}

func TestRequestCSV(t *testing.T) {
	var b strings.Builder
	w, err := NewRequestWriter(&b)
	require.NoError(t, err)
	at := time.Date(2026, 1, 2, 3, 4, 5, 123456789, time.UTC)
	require.NoError(t, w.Write(Request{
		ID: 1, At: at, Policy: "round_robin", Server: "server1", Latency: 50*time.Millisecond + 1234*time.Nanosecond,
		Status: 200, Success: true, Intended: 100 * time.Millisecond, Part: PartCold, Repetition: 1, InFlight: 3,
	}))
	require.NoError(t, w.Write(Request{ID: 2, At: at, Policy: `my "own", balancer`, Part: PartWarm, Repetition: 2}))
	require.NoError(t, w.Flush())
	golden.RequireEqual(t, []byte(b.String()))
}

func TestRequestWriterHandsOnWholeLinesRegularly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		w, err := NewRequestWriter(&b)
		require.NoError(t, err)
		lines := func() int { return strings.Count(b.String(), "\n") }
		require.Equal(t, 1, lines(), "the header is there at once")

		require.NoError(t, w.Write(Request{ID: 1}))
		require.Equal(t, 1, lines(), "rows are kept for a while")
		time.Sleep(csvPause) // virtual time
		require.NoError(t, w.Write(Request{ID: 2}))
		require.Equal(t, 3, lines(), "but not for more than a second")

		for i := range uint64(10_000) {
			require.NoError(t, w.Write(Request{ID: i + 3}))
			require.True(t, strings.HasSuffix(b.String(), "\n"))
			require.LessOrEqual(t, w.buf.Len(), csvBuffer)
		}
		require.Greater(t, lines(), 9_000, "and not for more than the buffer")
	})
}

func TestRequestWriterReportsAFullDiskAndStops(t *testing.T) {
	disk := &diskFull{left: 50_000}
	w, err := NewRequestWriter(disk)
	require.NoError(t, err)
	for i := 0; err == nil && i < 10_000; i++ {
		err = w.Write(Request{ID: uint64(i), Policy: "round_robin"})
	}
	require.ErrorIs(t, err, errDiskFull)
	written := disk.text.Len()
	disk.left = 1 << 20
	require.ErrorIs(t, w.Write(Request{}), errDiskFull)
	require.ErrorIs(t, w.Flush(), errDiskFull)
	require.Equal(t, written, disk.text.Len(), "no second half of a line after a gap")

	whole := disk.text.String()[:strings.LastIndex(disk.text.String(), "\n")]
	rows, err := csv.NewReader(strings.NewReader(whole)).ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(rows), 100)

	_, err = NewRequestWriter(&diskFull{left: 5})
	require.ErrorIs(t, err, errDiskFull)
}

func TestRequestLog(t *testing.T) {
	folder := t.TempDir()
	log, err := CreateRequestLog(folder)
	require.NoError(t, err)
	require.NoError(t, log.Write(Request{ID: 1}))
	_, err = CreateRequestLog(folder)
	require.ErrorContains(t, err, filepath.Join(folder, RequestLogName), "an earlier log is not overwritten")
	require.NoError(t, log.Close())
	text, err := os.ReadFile(filepath.Join(folder, RequestLogName))
	require.NoError(t, err)
	require.Equal(t, 2, strings.Count(string(text), "\n"))
	require.ErrorContains(t, log.Close(), RequestLogName)

	_, err = CreateRequestLog(filepath.Join(folder, "absent"))
	require.ErrorContains(t, err, "absent")
}
