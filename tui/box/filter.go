package box

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/theme"
)

// Filter is a text that what is shown must contain. Panes that are Filterers hold one; the zero value
// lets all through.
type Filter string

// Lets tells whether one of texts holds what is sought, in any case.
func (f Filter) Lets(texts ...string) bool {
	if f == "" {
		return true
	}
	sought := strings.ToLower(string(f))
	for _, s := range texts {
		if strings.Contains(strings.ToLower(s), sought) {
			return true
		}
	}
	return false
}

// NoMatch is what a pane shows, w cells wide, when its filter lets nothing through.
func (f Filter) NoMatch(t *theme.Theme, w int) []string {
	return []string{"", " " + ansi.Truncate(t.Dim.On(fmt.Sprintf("nothing contains %q; ", string(f)))+t.Key.On("esc")+t.Dim.On(" shows all"), max(w-2, 0), t.Glyphs.Ellipsis)}
}
