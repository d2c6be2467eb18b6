package theme

import "github.com/charmbracelet/x/ansi"

// Hint is a key and what it does in a word.
type Hint [2]string

// KeyLine writes keys and what they do in at most w cells: wide, else close together. Where that is
// still too much, those before the last go first: the last is the way out.
func (t *Theme) KeyLine(w int, keys ...Hint) string {
	for len(keys) > 0 {
		for _, gap := range []string{"   ", "  "} {
			line := ""
			for i, k := range keys {
				if i > 0 {
					line += gap
				}
				line += t.Key.On(k[0]) + " " + k[1]
			}
			if ansi.StringWidth(line) <= w || len(keys) == 1 {
				return line
			}
		}
		keys = append(append([]Hint{}, keys[:len(keys)-2]...), keys[len(keys)-1])
	}
	return ""
}
