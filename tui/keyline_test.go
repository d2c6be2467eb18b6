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

func TestShortenedTexts(t *testing.T) {
	require.Equal(t, "fronte…-eu-12", middle("frontend-north-eu-12", 13, "…"))
	require.Equal(t, "short", middle("short", 13, "…"))
	require.Equal(t, "1199ms", millisIn(1199, 7))
	require.Equal(t, "1.2s", millisIn(1199, 5))
	require.Equal(t, "310ms", millisIn(310, 4))
	ascii := newTheme(&palettes[0], "ascii")
	require.Equal(t, "round_robin -> p2c", ascii.words("round_robin → p2c"))
}

func TestFilterFindsWhatIsWritten(t *testing.T) {
	require.True(t, contains("md", words.Replace("(low, medium)")))
	m := console(snapshot(3), 80, 24, Options{})
	all := len(m.snap.Servers)
	m.filter(paneServers, "7.0.0")
	require.Len(t, m.shownServers(), all, "an address is found by what looks like one")
	m.filter(paneServers, "127")
	require.Empty(t, m.shownServers())
}
