package tui

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
)

func TestWords(t *testing.T) {
	for want, got := range map[string]string{
		"-": millis(0), "5.2ms": millis(5.21), "10ms": millis(9.96), "310ms": millis(310.4), "12.3s": millis(12_300), ">999s": millis(1e300),
		"41%": percent(0.412), "0.2%": percent1(0.002), "0%": percent(math.NaN()),
		"0.10": decimal(0.1), "0.995": decimal(0.995), "999": count(999), "1,234": count(1234), "12.3k": count(12345), "1.2M": count(1_234_567),
		"01:23": clock(83 * time.Second), "1:02:03": clock(3723 * time.Second), "2m": short(2 * time.Minute), "1m30s": short(90 * time.Second), "1h": short(time.Hour),
		"slow x5": faultWords(live.Fault{Slow: 5}), "stall, errors 20%": faultWords(live.Fault{Stall: true, ErrorRate: 0.2}), "": faultWords(live.Fault{Slow: 1}),
		"a b": printable("a\nb"), "ab   ": fit("ab", 5), "日": fit("日本", 2), "日 ": fit("日本", 3),
	} {
		require.Equal(t, want, got)
	}
}

func FuzzDuration(f *testing.F) {
	for _, s := range []string{"20s", "2m", "0", "1e9", "-1s", "", " 5 ", "NaN", "Inf"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := duration("duration", s)
		if err == nil {
			require.GreaterOrEqual(t, d, time.Duration(0))
			require.LessOrEqual(t, d, 24*time.Hour)
		}
	})
}

func TestWordwrap(t *testing.T) {
	require.Equal(t, []string{"its Q is", "-87.5, that", "of server3", "-76.6"}, wordwrap("its Q is -87.5, that of  server3 -76.6", 11))
	require.Equal(t, []string{"a", "longer-word", "b c"}, wordwrap("a longer-word b c", 4))
	require.Equal(t, []string{""}, wordwrap(" ", 0))
}

func TestRegretOfNothingIsAValue(t *testing.T) {
	require.Equal(t, "0ms", regretMS(0))
	require.Equal(t, "4.2ms", regretMS(4.2))
}
