package tui

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"slbtui/engine/live"
	"slbtui/tui/canned"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
)

// Whatever is typed is answered, and no answer holds what a terminal would obey.
func TestPlainAnswersEverything(t *testing.T) {
	words := []string{"", ":", "?", "yes", "s1", "server2", "5x", "20s", "-1", "0.2", "NaN", "\x1b[2J", "日本", "status", "show", "why", "table", "stop", "slow5x"}
	for _, v := range verbs() {
		words = append(words, v.name)
	}
	snaps := []*live.Snapshot{{Seq: 1, State: "running"}, canned.Snapshot(3), canned.Snapshot(12), canned.Broken(), canned.Predicted("done")}
	rapid.Check(t, func(t *rapid.T) {
		out := &screen{}
		f := &canned.Engine{Snap: rapid.SampledFrom(snaps).Draw(t, "snapshot")}
		p := &speaker{m: New(f, Options{ReadOnly: rapid.Bool().Draw(t, "read-only")}), out: out}
		p.frame(frameMsg{at: canned.Epoch, snap: f.Snap})
		for range rapid.IntRange(1, 8).Draw(t, "lines") {
			line := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 5).Draw(t, "line"), " ")
			before := len(out.String())
			p.command(line)
			said := out.String()[before:]
			require.True(t, p.over || strings.HasSuffix(said, "\n"), "%q is answered", line)
			require.Equal(t, strings.ReplaceAll(said, "\n", ""), format.Printable(strings.ReplaceAll(said, "\n", "")))
			_, asks := p.m.dialog().(*dialog.Confirm)
			require.True(t, asks || p.m.dialog() == nil, "%q leaves no dialog that nobody can see", line)
			if p.over {
				break
			}
		}
		if p.m.opts.ReadOnly {
			require.False(t, slices.ContainsFunc(f.Orders(), changes))
		}
		p.frame(frameMsg{at: canned.Epoch.Add(DefaultInterval), snap: f.Snap})
	})
}
