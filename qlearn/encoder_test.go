package qlearn

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEncoderLevel(t *testing.T) {
	for name, c := range map[string]struct {
		reading Reading
		want    Level
	}{
		"idle":                 {Reading{Reachable: true}, Low},
		"cpu just low":         {Reading{CPU: 49.9, Reachable: true}, Low},
		"cpu at the threshold": {Reading{CPU: 50, Reachable: true}, Medium},
		"cpu high":             {Reading{CPU: 80, Reachable: true}, High},
		"cpu unknown":          {Reading{CPU: -1, Reachable: true}, Low},
		"cpu not a number":     {Reading{CPU: math.NaN(), Reachable: true}, Low},
		"active medium":        {Reading{Active: 5, Reachable: true}, Medium},
		"active high":          {Reading{Active: 10, Reachable: true}, High},
		"response medium":      {Reading{ResponseMS: 100, Reachable: true}, Medium},
		"response high":        {Reading{ResponseMS: 200, Reachable: true}, High},
		"the worst counts":     {Reading{CPU: 10, Active: 7, ResponseMS: 250, Reachable: true}, High},
		"medium and low":       {Reading{CPU: 60, Active: 1, ResponseMS: 20, Reachable: true}, Medium},
		"unreachable is not idle, though it reports zeros": {Reading{}, High},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, DefaultEncoderConfig().Level(c.reading))
		})
	}
}

func TestEncoderMissingMedium(t *testing.T) {
	c := EncoderConfig{ActiveRequests: Thresholds{Low: 5, Medium: 5}, CPU: Thresholds{101, 101}, ResponseTimeMS: Thresholds{1e9, 1e9}}
	require.Equal(t, Low, c.Level(Reading{Active: 4, Reachable: true}))
	require.Equal(t, High, c.Level(Reading{Active: 5, Reachable: true}), "equal thresholds leave no medium")
}

func TestLevelString(t *testing.T) {
	require.Equal(t, "low", Low.String())
	require.Equal(t, "medium", Medium.String())
	require.Equal(t, "high", High.String())
	require.Equal(t, "unknown", Level(0).String())
}
