package report

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// A machine that is slow to draw is no disk that is gone.
func TestDrawingTakesTheTimeItTakes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "chart")
	synctest.Test(t, func(t *testing.T) {
		require.NoError(t, writeFile(path, func(w io.Writer) error {
			time.Sleep(10 * writeDeadline)
			_, err := io.WriteString(w, "drawn")
			return err
		}))
	})
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "drawn", string(text))
}

func TestADiskThatIsGoneIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		back := make(chan struct{})
		begun := time.Now()
		require.ErrorContains(t, inTime(func() error { <-back; return nil }), "no answer from the disk within 20s")
		require.Equal(t, writeDeadline, time.Since(begun))
		close(back)
	})
	full := errors.New("no space left on device")
	require.ErrorIs(t, inTime(func() error { return full }), full)
}
