package format

import (
	"slices"

	"github.com/charmbracelet/x/ansi"
)

// Middle shortens s to w cells in its middle: names that begin alike end differently.
func Middle(s string, w int, ellipsis string) string {
	w = max(w, 0)
	return around(s, w, (max(w-ansi.StringWidth(ellipsis), 0)+1)/2, ellipsis)
}

// Apart shortens names to w cells each so that those that differ look different, as far as w cells can
// show it: in the middle of all of them; where that takes away what tells some apart, nearer to one of
// their ends; and where they begin and end alike, on both sides of the first difference.
func Apart(names []string, w int, ellipsis string) []string {
	w = max(w, 0)
	if !slices.ContainsFunc(names, func(s string) bool { return ansi.StringWidth(s) > w }) {
		return slices.Clone(names)
	}
	best := cut(names, func(s string) string { return Middle(s, w, ellipsis) })
	apart := distinct(best)
	room := max(w-ansi.StringWidth(ellipsis), 0)
	for step := 1; step <= room && apart < len(names); step++ {
		tail := (room+1)/2 + step/2 // from the middle on: one less, one more, two less, ...
		if step%2 == 1 {
			tail = (room+1)/2 - (step+1)/2
		}
		other := cut(names, func(s string) string { return around(s, w, tail, ellipsis) })
		if n := distinct(other); n > apart {
			best, apart = other, n
		}
	}
	if apart == len(names) {
		return best
	}
	for _, same := range looks(best) {
		if len(same) == 1 {
			continue
		}
		from := difference(names, same) - max(w-2*ansi.StringWidth(ellipsis), 0)/2
		for _, i := range same {
			best[i] = window(names[i], from, w, ellipsis)
		}
	}
	return best
}

func cut(names []string, shorten func(string) string) []string {
	out := make([]string, len(names))
	for i, s := range names {
		out[i] = shorten(s)
	}
	return out
}

// distinct is how many different names there are.
func distinct(names []string) int {
	seen := make(map[string]bool, len(names))
	for _, s := range names {
		seen[s] = true
	}
	return len(seen)
}

// looks are the indices of the names that look so.
func looks(names []string) map[string][]int {
	at := make(map[string][]int, len(names))
	for i, s := range names {
		at[s] = append(at[s], i)
	}
	return at
}

// difference is the cell at which some of the names at these indices first differ.
func difference(names []string, at []int) int {
	first := []rune(names[at[0]])
	n := len(first)
	for _, i := range at[1:] {
		other := []rune(names[i])
		same := 0
		for same < min(n, len(other)) && first[same] == other[same] {
			same++
		}
		n = same
	}
	return ansi.StringWidth(string(first[:n]))
}

// around leaves tail cells of the end of s, and of its beginning what w has room for.
func around(s string, w, tail int, ellipsis string) string {
	n, gap := ansi.StringWidth(s), ansi.StringWidth(ellipsis)
	switch {
	case n <= w:
		return s
	case w <= gap:
		return ansi.Truncate(s, w, "")
	}
	return ansi.Truncate(s, w-gap-tail, "") + ellipsis + ansi.TruncateLeft(s, n-tail, "")
}

// window is what w cells show of s from a cell on, with an ellipsis where something is left out.
func window(s string, from, w int, ellipsis string) string {
	n, gap := ansi.StringWidth(s), ansi.StringWidth(ellipsis)
	if from = max(from, 0); from > 0 {
		s = ellipsis + ansi.Cut(s, from, n)
	}
	if ansi.StringWidth(s) > w && w > gap {
		return ansi.Truncate(s, w, ellipsis)
	}
	return ansi.Truncate(s, w, "")
}
