package tui

import "github.com/charmbracelet/x/ansi"

// keyLine writes keys and what they do in at most w cells: wide, else close together. Where that is
// still too much, those before the last go first: the last is the way out.
func (t *theme) keyLine(w int, keys ...hint) string {
	for len(keys) > 0 {
		for _, gap := range []string{"   ", "  "} {
			line := ""
			for i, k := range keys {
				if i > 0 {
					line += gap
				}
				line += t.key.on(k.key) + " " + k.word
			}
			if ansi.StringWidth(line) <= w || len(keys) == 1 {
				return line
			}
		}
		keys = append(append([]hint{}, keys[:len(keys)-2]...), keys[len(keys)-1])
	}
	return ""
}
