package format

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCellsAndNumbers(t *testing.T) {
	for want, got := range map[string]string{
		"-": Millis(0), "5.2ms": Millis(5.21), "10ms": Millis(9.96), "310ms": Millis(310.4), "12.3s": Millis(12_300), ">999s": Millis(1e300),
		"41%": Percent(0.412), "0.2%": Percent1(0.002), "0%": Percent(math.NaN()), "99.9%": Percent1(0.999), "100%": Percent1(1),
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
	require.Equal(t, "c…1a", Middle("checkout-1a", 4, "…"))
	require.Equal(t, "ch", Middle("checkout-1a", 2, ".."))
	require.Equal(t, "1199ms", MillisIn(1199, 7))
	require.Equal(t, "1.2s", MillisIn(1199, 5))
	require.Equal(t, "310ms", MillisIn(310, 4))
	require.Equal(t, "123s", MillisIn(123_400, 5))
}

// Names that differ look different, wherever they do.
func TestNamesAreToldApart(t *testing.T) {
	for _, test := range []struct {
		names, want []string
		w           int
	}{
		{[]string{"server1", "checkout-service-eu-west-1a"}, []string{"server1", "checkou…west-1a"}, 15},
		{[]string{"checkout-service-eu-west-1a", "checkout-service-eu-west-1b"}, []string{"che…-1a", "che…-1b"}, 7},
		{[]string{"server1", "server11", "server21"}, []string{"s…r1", "s…11", "s…21"}, 4},
		{[]string{"frontend-north-eu-12", "frontend-south-eu-12"}, []string{"fro…rth-eu-12", "fro…uth-eu-12"}, 13},
		{[]string{"services.north.internal.example.com", "services.south.internal.example.com"}, []string{"…s.no…", "…s.so…"}, 6},
		{[]string{"same", "same"}, []string{"same", "same"}, 3},
	} {
		got := Apart(test.names, test.w, "…")
		for i, s := range got {
			if test.names[0] != test.names[1] {
				require.Equal(t, test.want[i], s)
			}
			require.LessOrEqual(t, ansi.StringWidth(s), test.w)
		}
	}
	var zones []string
	for i := range 12 {
		zones = append(zones, fmt.Sprintf("checkout-service-eu-west-%d%c", 1+i/3, 'a'+i%3))
	}
	for _, ellipsis := range []string{"…", ".."} {
		for w := 4; w < 30; w++ {
			got := Apart(zones, w, ellipsis)
			require.Equal(t, len(zones), distinct(got), "%d cells: %v", w, got)
		}
	}
	for w := range 4 {
		for _, s := range Apart(zones, w, "…") {
			require.LessOrEqual(t, ansi.StringWidth(s), w)
		}
	}
}

// However large a value, it takes five cells, and none is cut.
func TestCompactValues(t *testing.T) {
	for want, v := range map[string]float64{
		"0.0": 0, "-12.3": -12.34, "-99.9": -99.9, "-100": -99.96, "-123": -123.4, "-999": -999.4, "-1.0k": -999.6, "-1.2k": -1234.5, "-9.9k": -9940, "-10k": -9960,
		"-12k": -12_345, "1.2M": 1_234_567, "-3.0G": -3e9, "-1.5T": -1.5e12, "<-1P": -1e300, ">1P": 1e15, "-999T": -9.99e14,
	} {
		require.Equal(t, want, Compact(v))
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64().Draw(t, "v")
		require.LessOrEqual(t, len(Compact(v)), 5, "%v", v)
		require.LessOrEqual(t, len(Within(v, 2, 6)), 6, "%v", v)
	})
	require.Equal(t, "12345.68", Within(12345.678, 2, 8))
	require.Equal(t, "123k", Within(123_456.7, 2, 8))
}
