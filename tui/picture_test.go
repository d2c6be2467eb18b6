package tui

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"image/color"
	"os"
	"strings"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/tui/canned"
)

var record = flag.Bool("record", false, "run the engine for a minute and keep its last snapshot for the picture")

// pictures are screens of a recorded run: in which session, of which size, after which keys.
var pictures = []struct {
	file, session string
	w, h          int
	keys          []string
}{
	{"console", "session", 120, 40, nil},
	{"heatmap", "session_factored", 100, 26, []string{"3", "z", "v"}},
	{"inspector", "session_factored", 110, 30, []string{"3", "enter"}},
}

// The pictures of the README and the tour are the console itself, drawn from snapshots of a real run,
// so they never show a screen that does not exist. After a change to the console:
//
//	go test ./tui -run TestPicture -update            (-record first takes a new run)
func TestPicture(t *testing.T) {
	if *record {
		recordSession(t)
	}
	for _, p := range pictures {
		t.Run(p.file, func(t *testing.T) {
			data, err := os.ReadFile(sessionFile(p.session))
			require.NoError(t, err)
			var snap live.Snapshot
			require.NoError(t, json.Unmarshal(data, &snap))
			m := console(&snap, p.w, p.h, Options{})
			for _, k := range p.keys {
				m.Update(press(k))
			}
			m.Update(frameMsg{at: canned.Epoch.Add(time.Minute), snap: &snap}) // what was said of the keys is gone
			got, path := svg(m.View().Content, p.w, p.h), "../docs/"+p.file+".svg"
			if flag.Lookup("update").Value.String() == "true" {
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), got, "the picture is stale: go test ./tui -run TestPicture -update")
		})
	}
}

func sessionFile(name string) string { return "testdata/" + name + ".json" }

// recordSession is what a newcomer does: watch round robin, slow a server down, let RL route, slow it down for as long
// again, so that the two can be compared, then another learner.
func recordSession(t *testing.T) {
	e, err := engine.New(config.Default(), engine.Options{Seed: 1})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	after := func(d time.Duration) {
		require.Eventually(t, func() bool { s := e.Snapshot(); return s != nil && s.At >= d }, 2*time.Minute, 50*time.Millisecond)
	}
	keep := func(name string) {
		data, err := json.Marshal(e.Snapshot())
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(sessionFile(name), data, 0o644))
	}
	slow := func() {
		require.NoError(t, e.Do(ctx, live.SetFault{Server: "server1", Fault: fault.Fault{Slow: 5}, For: 18 * time.Second}))
	}
	after(12 * time.Second)
	slow()
	after(30 * time.Second)
	require.NoError(t, e.Do(ctx, live.ToggleRL{}))
	after(42 * time.Second)
	slow()
	after(60*time.Second + 500*time.Millisecond)
	keep("session")
	require.NoError(t, e.Do(ctx, live.SetLearner{Name: "q_factored"}))
	after(68 * time.Second)
	slow()
	after(80 * time.Second)
	keep("session_factored")
	cancel()
	require.NoError(t, <-done)
}

// svg draws a screen of styled text as a picture, cell by cell.
func svg(screen string, w, h int) string {
	const cellW, cellH, pad = 8.4, 16.4, 12.0
	cells := uv.NewScreenBuffer(w, h)
	uv.NewStyledString(screen).Draw(cells, cells.Bounds())
	var b strings.Builder
	width, height := float64(w)*cellW+2*pad, float64(h)*cellH+2*pad
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="#15181c"/>`+"\n")
	for y := range h {
		for x := 0; x < w; {
			c := cells.CellAt(x, y)
			style, text, start := c.Style, "", x
			for x < w {
				next := cells.CellAt(x, y)
				if !next.Style.Equal(&style) {
					break
				}
				text += next.Content
				x += max(1, next.Width)
			}
			if strings.TrimSpace(text) == "" && style.Bg == nil {
				continue
			}
			left, top := pad+float64(start)*cellW, pad+float64(y)*cellH
			if style.Bg != nil {
				fmt.Fprintf(&b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, left, top, float64(x-start)*cellW, cellH, hexOf(style.Bg, "#15181c"))
			}
			weight := ""
			if style.Attrs&uv.AttrBold != 0 {
				weight = ` font-weight="bold"`
			}
			// textLength keeps the columns straight whatever font is found.
			fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" fill="%s"%s textLength="%.1f" xml:space="preserve">%s</text>`+"\n",
				left, top+cellH-3.6, hexOf(style.Fg, "#d5d9de"), weight, float64(x-start)*cellW, html.EscapeString(text))
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func hexOf(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	r, g, bl, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, bl>>8)
}
