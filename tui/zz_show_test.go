package tui

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/canned"
)

func TestZZShow(t *testing.T) {
	spec := os.Getenv("SHOW") // WxH servers options keys
	if spec == "" {
		return
	}
	var w, h, n int
	f := strings.Fields(spec)
	fmt.Sscanf(f[0], "%dx%d", &w, &h)
	fmt.Sscanf(f[1], "%d", &n)
	snap := canned.Snapshot(n)
	o := Options{Symbols: f[2]}
	if f[3] != "-" {
		snap.Policy = f[3]
	}
	m := console(snap, w, h, o)
	for _, k := range f[4:] {
		m.Update(press(k))
	}
	out := m.View().Content
	if os.Getenv("ANSI") == "" {
		out = ansi.Strip(out)
	}
	fmt.Println(out)
}
