package tui

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

// zoned gives the servers of a snapshot ids that differ in their last two characters only.
func zoned(s *live.Snapshot) *live.Snapshot {
	names := make([]string, 0, 2*len(s.Servers))
	for i := len(s.Servers) - 1; i >= 0; i-- { // server12 before server1
		v := &s.Servers[i]
		id := fmt.Sprintf("zq-checkout-service-eu-west-%d%c", 1+i/3, 'a'+i%3)
		names = append(names, v.ID, id)
		v.ID = id
	}
	rename := strings.NewReplacer(names...)
	for i := range s.Events {
		e := &s.Events[i]
		e.Server, e.Text = rename.Replace(e.Server), rename.Replace(e.Text)
	}
	return s
}

// Wherever a long id stands, it ends in what tells it from the others; no edge and no ellipsis takes that away.
func TestLongIDsAreToldApartEverywhere(t *testing.T) {
	name := regexp.MustCompile(`z(q|…)[^\s:;,\])?>│─╮]*`)
	whole := regexp.MustCompile(`[0-9][abc]$`)
	seen := 0
	check := func(lines []string, what string) {
		for _, line := range lines {
			for _, id := range name.FindAllString(ansi.Strip(line), -1) {
				seen++
				require.Regexp(t, whole, id, "%s: %s", what, ansi.Strip(line))
			}
		}
	}
	for _, size := range goldenSizes {
		for _, p := range parts {
			if p.name == "events" {
				continue // alone, they are written in full, in as many lines as that takes
			}
			m := console(zoned(p.snapshot()), size.w, size.h, Options{})
			for _, k := range strings.Fields(p.keys) {
				m.Update(press(k))
				if m.top() == nil {
					m.View()
				}
			}
			wellFormed(t, m)
			check(m.onTop(), fmt.Sprintf("%s at %dx%d", p.name, size.w, size.h))
		}
		for _, policy := range []string{"q_learning", "q_factored"} {
			s := zoned(canned.Snapshot(12))
			s.Policy = policy
			s.Scenario = canned.Slow5x(23e9)
			s.Scenario.Steps[0].Server = s.Servers[0].ID
			m := console(s, size.w, size.h, Options{})
			wellFormed(t, m)
			check(strings.Split(m.View().Content, "\n"), fmt.Sprintf("%s at %dx%d", policy, size.w, size.h))
		}
	}
	require.Greater(t, seen, 500, "there are ids to look at")
}

// p95 says how the service is doing, alpha how a learner is set: it stays longer.
func TestHeaderDropsAlphaBeforeP95(t *testing.T) {
	for _, symbols := range []string{"braille", "ascii"} {
		m := console(canned.Snapshot(3), 120, 40, Options{Symbols: symbols})
		dropped := false
		for w := 120; w >= minW; w-- {
			line := ansi.Strip(m.header(w))
			alpha, p95 := strings.Contains(line, m.theme.Glyphs.Alpha+" 0.20"), strings.Contains(line, "p95 212ms")
			require.True(t, p95 || !alpha, "%d cells: %s", w, line)
			dropped = dropped || p95 && !alpha
		}
		require.True(t, dropped, symbols)
	}
}
