// Package theme is how the console looks: inks, palettes and glyphs, and what is drawn with them whatever it
// says: frames, tables, lines of keys, the cursor of an input. A Theme never changes; another look is
// another Theme. It knows no engine.
package theme

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/format"
)

// Theme is every colour and glyph of the console.
type Theme struct {
	Name               string
	Plain, Bold, Dim   Ink
	Border, focus      Ink // frames
	Title              Ink // of the focused pane
	Key                Ink
	Good, Warn, Bad    Ink
	P50, P95, P99      Ink
	Best, Last, Marker Ink
	Heat               [Shades]Ink // of a heat map of costs, from cheap to dear
	Density            [Shades]Ink // of a heat map of how many, from few to most
	Tint               Ink         // the ground of a chart while there was a fault; "" where there is none
	Glyphs             Glyphs

	servers, grounds []Ink
	borderGround     Ink
	textured         bool // areas are told apart by what they are filled with
}

// New mixes the inks of a palette.
func New(p *Palette, symbols string) *Theme {
	return &Theme{
		Name: p.Name,
		Bold: Ink(ansi.Style{}.Bold().String()), Dim: colour(p.grey),
		Border: colour(p.faint), focus: colour(p.accent), Title: boldColour(p.accent), Key: colour(p.accent),
		Good: colour(p.good), Warn: colour(p.warn), Bad: boldColour(p.bad),
		P50: colour(p.first), P95: colour(p.second), P99: colour(p.third),
		Best: Ink(ansi.Style{}.Bold().String()), Last: boldColour(p.highlighted), Marker: colour(p.highlighted),
		Heat:    [Shades]Ink{colour(p.good), colour(p.good), colour(p.warn), colour(p.bad)},
		Density: [Shades]Ink{colour(p.faint), colour(p.first), "", Ink(ansi.Style{}.Bold().String())},
		Tint:    background(p.tint),
		Glyphs:  newGlyphs(symbols),

		servers: colours(p.servers), grounds: grounds(p.servers), borderGround: background(p.faint),
		textured: p.colourless || symbols == "ascii",
	}
}

// Words makes a text of the engine fit to be drawn: printable, and without an arrow where there is none.
func (t *Theme) Words(s string) string {
	return strings.ReplaceAll(format.Printable(s), "→", t.Glyphs.Arrow)
}

// State returns the ink of a server's state word.
func (t *Theme) State(word string) Ink {
	switch word {
	case "ok":
		return t.Good
	case "SLOW", "DRAINING":
		return t.Warn
	}
	return t.Bad
}

// Kind returns the ink of an event's kind.
func (t *Theme) Kind(kind string) Ink {
	switch kind {
	case "policy", "param":
		return t.Marker
	case "fault", "health", "scenario":
		return t.Warn
	case "warning":
		return t.Bad
	}
	return t.Dim
}
