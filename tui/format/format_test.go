package format

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCellsAndNumbers(t *testing.T) {
	for want, got := range map[string]string{
		"-": Millis(0), "5.2ms": Millis(5.21), "10ms": Millis(9.96), "310ms": Millis(310.4), "12.3s": Millis(12_300), ">999s": Millis(1e300),
		"41%": Percent(0.412), "0.2%": Percent1(0.002), "0%": Percent(math.NaN()),
		"0.10": Decimal(0.1), "0.995": Decimal(0.995), "999": Count(999), "1,234": Count(1234), "12.3k": Count(12345), "1.2M": Count(1_234_567),
		"01:23": Clock(83 * time.Second), "1:02:03": Clock(3723 * time.Second), "2m": Short(2 * time.Minute), "1m30s": Short(90 * time.Second), "1h": Short(time.Hour),
		"a b": Printable("a\nb"), "ab   ": Fit("ab", 5), "日": Fit("日本", 2), "日 ": Fit("日本", 3),
	} {
		require.Equal(t, want, got)
	}
}

func FuzzDuration(f *testing.F) {
	for _, s := range []string{"20s", "2m", "0", "1e9", "-1s", "", " 5 ", "NaN", "Inf"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ReadDuration("duration", s)
		if err == nil {
			require.GreaterOrEqual(t, d, time.Duration(0))
			require.LessOrEqual(t, d, 24*time.Hour)
		}
	})
}

func TestWordwrap(t *testing.T) {
	require.Equal(t, []string{"its Q is", "-87.5, that", "of server3", "-76.6"}, Wrap("its Q is -87.5, that of  server3 -76.6", 11))
	require.Equal(t, []string{"a", "longer-word", "b c"}, Wrap("a longer-word b c", 4))
	require.Equal(t, []string{""}, Wrap(" ", 0))
}

func TestRegretOfNothingIsAValue(t *testing.T) {
	require.Equal(t, "0ms", Regret(0))
	require.Equal(t, "4.2ms", Regret(4.2))
}

func TestShortenedTexts(t *testing.T) {
	require.Equal(t, "fronte…-eu-12", Middle("frontend-north-eu-12", 13, "…"))
	require.Equal(t, "short", Middle("short", 13, "…"))
	require.Equal(t, "1199ms", MillisIn(1199, 7))
	require.Equal(t, "1.2s", MillisIn(1199, 5))
	require.Equal(t, "310ms", MillisIn(310, 4))
}
