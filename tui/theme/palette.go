package theme

import (
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Palette is what a theme's inks are mixed from. A colour is "#RRGGBB", or the number of one of the
// terminal's own sixteen; "" is the terminal's ordinary text.
type Palette struct {
	Name, Summary              string
	grey, faint                string // words of less weight, frames
	accent, good, warn, bad    string
	second, third, highlighted string // p95 and p99, whose p50 is the accent; what happened last
	servers                    []string
}

// palettes are the themes. All keep apart by lightness what they keep apart by hue, and nothing is
// said by colour alone. What stands in one picture is also apart in the 256 colours that terminals without
// true colour make of them.
var palettes = []Palette{
	{Name: "dark", Summary: "colours of Okabe and Ito, for dark backgrounds",
		grey: "#9AA0A8", faint: "#636A73", accent: "#56B4E9", good: "#56B4E9", warn: "#E69F00", bad: "#E8703A", second: "#E69F00", third: "#CC79A7", highlighted: "#F0E442", servers: onDark},
	{Name: "light", Summary: "the same, darker, for light backgrounds",
		grey: "#55595F", faint: "#80868E", accent: "#00619A", good: "#00619A", warn: "#8A5A00", bad: "#B32D00", second: "#8A5A00", third: "#8E2F7F", highlighted: "#2D5A00", servers: onLight},
	{Name: "contrast", Summary: "high contrast: bright on black",
		grey: "#FFFFFF", faint: "#C0C0C0", accent: "#00FFFF", good: "#00FF7F", warn: "#FFC000", bad: "#FF6A5E", second: "#FFC000", third: "#FF9CFF", highlighted: "#FFFF00", servers: onDark},
	{Name: "colourblind", Summary: "blue, yellow and white only",
		grey: "#A9AEB5", faint: "#6C737C", accent: "#4DA3FF", good: "#4DA3FF", warn: "#FFBA00", bad: "#FFFFFF", second: "#FFBA00", third: "#E6E6E6", highlighted: "#FFE48A", servers: onDark},
	{Name: "ansi", Summary: "the terminal's own sixteen colours",
		grey: "", faint: "8", accent: "6", good: "2", warn: "3", bad: "9", second: "3", third: "5", highlighted: "13", servers: ofSixteen},
}

// sixteen are the palettes of terminals that have only their own sixteen colours, where a theme has one
// other than "ansi". The nearest of the sixteen won't do: they make frames dark blue on black, and
// warnings, percentiles and marks one red.
var sixteen = map[string]Palette{
	"contrast":    {grey: "15", faint: "7", accent: "14", good: "10", warn: "11", bad: "9", second: "11", third: "13", highlighted: "15", servers: ofSixteen},
	"colourblind": {grey: "7", faint: "8", accent: "12", good: "12", warn: "11", bad: "15", second: "11", third: "15", highlighted: "3", servers: ofSixteen},
}

// InSixteen returns what stands for p on a terminal of sixteen colours.
func (p *Palette) InSixteen() *Palette {
	few, ok := sixteen[p.Name]
	if !ok {
		few = *Named("ansi")
	}
	few.Name, few.Summary = p.Name, p.Summary
	return &few
}

// Names are those of the themes, the default first.
func Names() []string {
	var names []string
	for _, p := range palettes {
		names = append(names, p.Name)
	}
	return names
}

// Named returns a palette, the first for an unknown name.
func Named(name string) *Palette {
	for i := range palettes {
		if palettes[i].Name == name {
			return &palettes[i]
		}
	}
	return &palettes[0]
}

func colour(c string) Ink {
	if c == "" {
		return ""
	}
	return Ink(ansi.Style{}.ForegroundColor(lipgloss.Color(c)).String())
}

func boldColour(c string) Ink {
	return Ink(ansi.Style{}.Bold().ForegroundColor(lipgloss.Color(c)).String())
}
