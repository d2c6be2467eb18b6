package stage

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAPanicBecomesAnErrorWithItsStack(t *testing.T) {
	err := Guard("the part", func() error { panic("boom") })()
	require.ErrorContains(t, err, "the part: panic: boom")
	require.ErrorContains(t, err, "stage_test.go")
	require.NoError(t, Guard("x", func() error { return nil })())
	require.ErrorIs(t, Guard("x", func() error { return io.EOF })(), io.EOF)
}
