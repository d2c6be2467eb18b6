package theme

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
)

func TestKeyLineKeepsTheWayOut(t *testing.T) {
	th := New(&palettes[0], "braille")
	keys := []Hint{{"enter", "do it"}, {"tab", "next"}, {"esc", "back"}}
	for w, want := range map[int]string{
		40: "enter do it   tab next   esc back",
		31: "enter do it  tab next  esc back",
		30: "enter do it   esc back",
		12: "esc back",
		2:  "esc back",
	} {
		require.Equal(t, want, ansi.Strip(th.KeyLine(w, keys...)), "%d cells", w)
	}
	require.Empty(t, th.KeyLine(10))
}

func TestWordsWithoutArrows(t *testing.T) {
	ascii := New(&palettes[0], "ascii")
	require.Equal(t, "round_robin -> p2c", ascii.Words("round_robin → p2c"))
}
