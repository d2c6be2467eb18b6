package theme

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"
)

// A table that has no room for a column says so, at every width.
func TestColumnsWithoutRoomAreHintedAt(t *testing.T) {
	th := New(&palettes[0], "ascii")
	columns := []Column{{Title: "ID", Width: 4}, {Title: "P95", Width: 5, Rank: 2, Numeric: true}, {Title: "STATE", Width: 5, Rank: 1}}
	for i := range columns {
		columns[i].Cell = func(int) (Ink, string) { return "", "x" }
	}
	for w, want := range map[int]string{17: " ID     P95 STATE", 16: " ID   STATE>", 12: " ID   STATE>", 11: " ID  >", 6: " ID  >", 1: ">"} {
		table := Choose(columns, w)
		require.Equal(t, want, ansi.Strip(th.Heading(table)), "%d cells", w)
		require.Equal(t, len(want), table.Used())
		require.Equal(t, len(strings.TrimSuffix(want, ">")), ansi.StringWidth(th.Row(table, 0)))
	}
}
