package factored

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLevelsKnowWhenTheyWereUsed(t *testing.T) {
	f := newLearner(1)
	for _, n := range []int{0, 3, 1, 3} {
		c := f.Choose(time.Second, LoadList{{Available: true, InFlight: n}}, newRand())
		f.Learn(time.Second, c.Server, c.Level, c.ExpectedMS, 50)
	}
	f.Learn(time.Second, 0, 0, 0, 50)
	rows := f.Table(0).Rows // of 0, 1 and 3 in flight; 0 was used last, 1 before 3 was used again
	require.Greater(t, rows[0].Used, rows[2].Used)
	require.Greater(t, rows[2].Used, rows[1].Used)
}
