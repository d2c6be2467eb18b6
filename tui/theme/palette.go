package theme

import (
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Palette is what a theme's inks are mixed from. A colour is "#RRGGBB", or the number of one of the
// terminal's own sixteen; "" is the terminal's ordinary text.
type Palette struct {
	Name, Summary        string
	grey, faint          string // words of less weight, frames
	accent               string // the focus, the cursor and keys; nothing else
	good, warn, bad      string // ok, slow or to be chosen with care, down or failed
	first, second, third string // p50, p95 and p99
	highlighted          string // what happened last
	tint                 string // behind the part of a chart in which there was a fault; "" for none
	servers              []string
	colourless           bool // the terminal shows none
}

// palettes are the themes. Each colour has one meaning. All keep apart by lightness what they keep apart by hue, for
// those who see no red, no green or no blue, and nothing is said by colour alone. They are of the 256 colours
// of terminals without true colour, so that they look the same there.
var palettes = []Palette{
	{Name: "dark", Summary: "for dark backgrounds",
		grey: "#9E9E9E", faint: "#626262", accent: "#5FAFFF", good: "#5FFFAF", warn: "#FFAF00", bad: "#FF5F5F",
		first: "#8A8A8A", second: "#FFFFFF", third: "#FF87D7", highlighted: "#AF87FF", tint: "#303030", servers: onDark},
	{Name: "light", Summary: "for light backgrounds",
		grey: "#585858", faint: "#808080", accent: "#005F87", good: "#00875F", warn: "#875F00", bad: "#870000",
		first: "#585858", second: "#080808", third: "#AF00AF", highlighted: "#5F00AF", tint: "#E4E4E4", servers: onLight},
	{Name: "contrast", Summary: "high contrast: bright on black",
		grey: "#FFFFFF", faint: "#8A8A8A", accent: "#5FAFFF", good: "#5FFFAF", warn: "#FFAF00", bad: "#FF5F5F",
		first: "#C6C6C6", second: "#FFFFFF", third: "#FF00FF", highlighted: "#AF87FF", tint: "#303030", servers: onDark},
	{Name: "colourblind", Summary: "states as far apart as they can be for all who see fewer colours",
		grey: "#AFAFAF", faint: "#626262", accent: "#5F87D7", good: "#00D7AF", warn: "#FFFF00", bad: "#FF0000",
		first: "#8A8A8A", second: "#FFFFFF", third: "#FF87D7", highlighted: "#AF87FF", tint: "#303030", servers: onDark},
	{Name: "ansi", Summary: "the terminal's own sixteen colours",
		grey: "", faint: "8", accent: "12", good: "2", warn: "3", bad: "9", first: "", second: "6", third: "5", highlighted: "13", servers: ofSixteen},
}

// sixteen are the palettes of terminals that have only their own sixteen colours, where a theme has one
// other than "ansi". The nearest of the sixteen won't do: they make frames dark blue on black, and
// warnings, percentiles and marks one red.
var sixteen = map[string]Palette{
	"contrast":    {grey: "15", faint: "8", accent: "12", good: "10", warn: "11", bad: "9", first: "15", second: "14", third: "13", highlighted: "7", servers: ofSixteen},
	"colourblind": {grey: "7", faint: "8", accent: "12", good: "14", warn: "11", bad: "9", first: "7", second: "15", third: "5", highlighted: "13", servers: ofSixteen},
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

// Colourless returns what stands for p on a terminal that shows no colours.
func (p *Palette) Colourless() *Palette {
	none := *p
	none.colourless = true
	return &none
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

func background(c string) Ink {
	if c == "" {
		return ""
	}
	return Ink(ansi.Style{}.BackgroundColor(lipgloss.Color(c)).String())
}

func boldColour(c string) Ink {
	return Ink(ansi.Style{}.Bold().ForegroundColor(lipgloss.Color(c)).String())
}
