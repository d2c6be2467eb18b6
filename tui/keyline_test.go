package tui

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
)

func TestKeyLineKeepsTheWayOut(t *testing.T) {
	th := newTheme(&palettes[0], "braille")
	keys := []hint{{"enter", "do it"}, {"tab", "next"}, {"esc", "back"}}
	for w, want := range map[int]string{
		40: "enter do it   tab next   esc back",
		31: "enter do it  tab next  esc back",
		30: "enter do it   esc back",
		12: "esc back",
		2:  "esc back",
	} {
		require.Equal(t, want, ansi.Strip(th.keyLine(w, keys...)), "%d cells", w)
	}
	require.Empty(t, th.keyLine(10))
}

func TestWordsWithoutArrows(t *testing.T) {
	ascii := newTheme(&palettes[0], "ascii")
	require.Equal(t, "round_robin -> p2c", ascii.words("round_robin → p2c"))
}
