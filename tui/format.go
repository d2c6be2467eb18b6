package tui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
)

// fit cuts or pads s to exactly w cells.
func fit(s string, w int) string {
	if w <= 0 {
		return ""
	}
	switch n := ansi.StringWidth(s); {
	case n > w:
		s = ansi.Truncate(s, w, "")
		// A wide character cut in half leaves a cell.
		return s + spaces(w-ansi.StringWidth(s))
	case n < w:
		return s + spaces(w-n)
	}
	return s
}

// left pads s on its right to w cells, shortening it with an ellipsis.
func left(s string, w int, ellipsis string) string {
	if ansi.StringWidth(s) > w {
		s = ansi.Truncate(s, w, ellipsis)
	}
	return fit(s, w)
}

// middle shortens s to w cells in its middle: names that begin alike end differently.
func middle(s string, w int, ellipsis string) string {
	n, gap := ansi.StringWidth(s), ansi.StringWidth(ellipsis)
	if n <= w || w < gap+4 {
		return s
	}
	tail := (w - gap) / 2
	return ansi.Truncate(s, w-gap-tail, "") + ellipsis + ansi.TruncateLeft(s, n-tail, "")
}

// right pads s on its left to w cells.
func right(s string, w int) string {
	if n := ansi.StringWidth(s); n < w {
		return spaces(w-n) + s
	}
	return fit(s, w)
}

// wordwrap breaks text at blanks into lines of at most w cells; a minus stays with its number. A word
// that is longer has a line of its own.
func wordwrap(text string, w int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case ansi.StringWidth(*last)+1+ansi.StringWidth(word) <= w:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// printable replaces what would move the cursor or change colours: texts of the engine may carry
// whatever a server or an operating system said.
func printable(s string) string {
	if strings.IndexFunc(s, unicode.IsControl) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

const blanks = "                                                                                                                                "

func spaces(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// finite turns what is not a number into 0.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// millis writes a latency with its unit: 5.2ms, 310ms, 12.3s; "-" for none.
func millis(ms float64) string {
	switch ms = finite(ms); {
	case ms <= 0:
		return "-"
	case ms < 9.95:
		return strconv.FormatFloat(ms, 'f', 1, 64) + "ms"
	case ms < 9999.5:
		return strconv.FormatFloat(ms, 'f', 0, 64) + "ms"
	}
	if ms < 999_950 {
		return strconv.FormatFloat(ms/1000, 'f', 1, 64) + "s"
	}
	return ">999s"
}

// millisIn writes a latency in w cells if it can: 1199ms as 1.2s.
func millisIn(ms float64, w int) string {
	if s := millis(ms); len(s) <= w || finite(ms) < 1000 {
		return s
	}
	return strconv.FormatFloat(ms/1000, 'f', 1, 64) + "s"
}

// percent writes a share of 0-1: 41%.
func percent(share float64) string {
	return strconv.FormatFloat(finite(share)*100, 'f', 0, 64) + "%"
}

// percent1 writes a share of 0-1 with one decimal: 0.2%.
func percent1(share float64) string {
	return strconv.FormatFloat(finite(share)*100, 'f', 1, 64) + "%"
}

// decimal writes a parameter: two decimals, more when they matter.
func decimal(v float64) string {
	v = finite(v)
	if s := strconv.FormatFloat(v, 'f', 2, 64); math.Abs(v-math.Round(v*100)/100) < 5e-4 || math.Abs(v) >= 10 {
		return s
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}

// bound writes the end of a range, without zeros that say nothing.
func bound(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// decimalRate writes requests per second.
func decimalRate(v float64) string {
	v = finite(v)
	if v >= 100 || v == math.Trunc(v) {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// count writes 1,234 or 12.3k or 1.2M: five cells up to 99 billion.
func count(n uint64) string {
	v := float64(n)
	switch {
	case n < 1000:
		return strconv.FormatUint(n, 10)
	case n < 10_000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	case v < 99_950:
		return strconv.FormatFloat(v/1e3, 'f', 1, 64) + "k"
	case v < 999_500:
		return strconv.FormatFloat(v/1e3, 'f', 0, 64) + "k"
	case v < 99_950_000:
		return strconv.FormatFloat(v/1e6, 'f', 1, 64) + "M"
	}
	return strconv.FormatFloat(v/1e6, 'f', 0, 64) + "M"
}

// clock writes a run time: 01:23 or 1:02:03.
func clock(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// seconds writes a time in whole seconds: 12s, 2m5s.
func seconds(d time.Duration) string { return short(max(d, 0).Round(time.Second)) }

// short writes a duration without empty parts: 2m rather than 2m0s.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// faultWords names what is being injected; empty for a healthy server.
func faultWords(f live.Fault) string {
	var words []string
	if f.Crash {
		words = append(words, "crash")
	}
	if f.Stall {
		words = append(words, "stall")
	}
	if f.Slow > 0 && f.Slow != 1 {
		words = append(words, "slow x"+strconv.FormatFloat(f.Slow, 'g', 4, 64))
	}
	if f.Delay > 0 {
		words = append(words, "+"+f.Delay.String())
	}
	if f.ErrorRate > 0 {
		words = append(words, "errors "+percent(f.ErrorRate))
	}
	return strings.Join(words, ", ")
}

func lasting(d time.Duration) string {
	if d <= 0 {
		return " until cleared"
	}
	return " for " + short(d)
}
