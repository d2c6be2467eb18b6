package plain

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
	"slbtui/tui/command"
	"slbtui/tui/format"
)

// Whatever is typed is answered, and no answer holds what a terminal would obey.
func TestPlainAnswersEverything(t *testing.T) {
	words := []string{"", ":", "?", "yes", "s1", "server2", "5x", "20s", "-1", "0.2", "NaN", "\x1b[2J", "日本", "status", "show", "why", "table", "stop", "slow5x"}
	for _, v := range command.Usable(&box.Sight{}) {
		words = append(words, v.Name)
	}
	snaps := []*live.Snapshot{{Seq: 1, State: "running"}, canned.Snapshot(3), canned.Snapshot(12), canned.Broken(), canned.Predicted("done"), canned.LookedBack("done", "C"), canned.Replayed()}
	rapid.Check(t, func(t *rapid.T) {
		out := &screen{}
		f := &canned.Engine{Snap: rapid.SampledFrom(snaps).Draw(t, "snapshot")}
		p := newSpeaker(f, out, Options{ReadOnly: rapid.Bool().Draw(t, "read-only")})
		p.frame(canned.Epoch, f.Snap)
		for range rapid.IntRange(1, 8).Draw(t, "lines") {
			line := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 5).Draw(t, "line"), " ")
			before := len(out.String())
			p.command(line)
			said := out.String()[before:]
			require.True(t, p.over || strings.HasSuffix(said, "\n"), "%q is answered", line)
			require.Equal(t, strings.ReplaceAll(said, "\n", ""), format.Printable(strings.ReplaceAll(said, "\n", "")))
			if p.over {
				break
			}
		}
		if p.sight.ReadOnly {
			require.False(t, slices.ContainsFunc(f.Orders(), live.Changes))
		}
		p.frame(canned.Epoch.Add(DefaultInterval), f.Snap)
	})
}
