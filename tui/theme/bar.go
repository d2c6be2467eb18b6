package theme

import (
	"strings"

	"slbtui/tui/format"
)

// Bar is a bar of a part of w cells, 0-1, filled up with blanks. The least of something can be seen.
func (t *Theme) Bar(part float64, w int) string {
	const steps = 8
	if w <= 0 {
		return ""
	}
	part = min(max(format.Finite(part), 0), 1)
	eighths := int(part*float64(w*steps) + 0.5)
	if part > 0 {
		eighths = max(eighths, 1)
	}
	whole, rest := eighths/steps, eighths%steps
	bar := strings.Repeat(t.Glyphs.Full, whole)
	switch {
	case rest == 0 || whole >= w:
	case len(t.Glyphs.Parts) > 0:
		bar, whole = bar+t.Glyphs.Parts[rest-1], whole+1
	case rest >= steps/2 || whole == 0:
		bar, whole = bar+t.Glyphs.Full, whole+1
	}
	return bar + format.Spaces(w-whole)
}

// Slots are a server's worker slots in at most w cells: busy ones, then vacant ones. More workers than
// cells share them.
func (t *Theme) Slots(busy, workers, w int) (taken, vacant string) {
	if workers <= 0 || w <= 0 {
		return "", ""
	}
	busy = min(max(busy, 0), workers)
	cells := min(workers, w)
	full := (busy*cells + workers - 1) / workers // one that works is seen to
	return strings.Repeat(t.Glyphs.Pipe.Busy, full), strings.Repeat(t.Glyphs.Pipe.Vacant, cells-full)
}
