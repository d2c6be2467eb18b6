package tui

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
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

// What goes first where there is no room: the brand, p50, why requests fail, p99; how slow it is, what fails and who
// routes stay.
func TestHeaderKeepsWhatMatters(t *testing.T) {
	s := canned.Snapshot(3)
	s.Servers[1].Fault = fault.Fault{ErrorRate: 0.2}
	for _, symbols := range []string{"braille", "ascii"} {
		m := console(s, 160, 40, Options{Symbols: symbols})
		part := m.theme.Glyphs.Part
		require.Equal(t, "slbtui RL q_learning "+part+" 50"+m.theme.Glyphs.Arrow+"49.8/s "+m.theme.Glyphs.Run+" "+part+" p50 66ms p95 212ms p99 301ms "+part+" err 0.4% server2 errors 20% "+part+" 01:23/05:00 "+part+" LIVE", strings.TrimSpace(ansi.Strip(m.header(160))))
		for w := 160; w >= minW; w-- {
			line := ansi.Strip(m.header(w))
			has := func(text string) bool { return strings.Contains(line, text) }
			require.True(t, has("RL") && has("p95 212ms") && has("err 0.4%") && has("LIVE"), "%d cells: %s", w, line)
			require.True(t, has("p99") || !has("p50"), line)
			require.True(t, has("q_learning") || !has("slow x5"), line)
		}
		require.Contains(t, ansi.Strip(m.header(80)), "slbtui RL q_learning "+part, "who routes, in full on the smallest screen with all panes")
	}
}

// The header says what fails in the colour of how much.
func TestFailuresAreColouredBySize(t *testing.T) {
	m := console(canned.Snapshot(3), 120, 40, Options{})
	require.Contains(t, m.header(120), m.theme.Warn.On("0.4%")+" "+m.theme.Warn.On("server2"))
	m.snap.Now.SuccessRate = 0.9
	m.snap.Servers[1].State = "DOWN"
	require.Contains(t, m.header(120), m.theme.Bad.On("10.0%")+" "+m.theme.Bad.On("server2 DOWN"))
	m.snap.Load.Lagging = true
	require.Contains(t, ansi.Strip(m.header(160)), "machine too busy")
	m.snap.Now.SuccessRate = 1
	require.Contains(t, m.header(120), m.theme.Plain.On("0.0%"))
}
