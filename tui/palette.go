package tui

import (
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// palette is what a theme's inks are mixed from. A colour is "#RRGGBB", or the number of one of the
// terminal's own sixteen; "" is the terminal's ordinary text.
type palette struct {
	name, summary              string
	grey, faint                string // words of less weight, frames
	accent, good, warn, bad    string
	second, third, highlighted string // p95 and p99, whose p50 is the accent; what happened last
}

// palettes are the themes. All keep apart by lightness what they keep apart by hue, and nothing is
// said by colour alone.
var palettes = []palette{
	{name: "dark", summary: "colours of Okabe and Ito, for dark backgrounds",
		grey: "#9AA0A8", faint: "#636A73", accent: "#56B4E9", good: "#56B4E9", warn: "#E69F00", bad: "#E8703A", second: "#E69F00", third: "#CC79A7", highlighted: "#F0E442"},
	{name: "light", summary: "the same, darker, for light backgrounds",
		grey: "#55595F", faint: "#80868E", accent: "#00619A", good: "#00619A", warn: "#9A5B00", bad: "#B33A00", second: "#9A5B00", third: "#8E3B69", highlighted: "#5B4E00"},
	{name: "contrast", summary: "high contrast: bright on black",
		grey: "#FFFFFF", faint: "#C0C0C0", accent: "#00FFFF", good: "#00FF7F", warn: "#FFD000", bad: "#FF6A5E", second: "#FFD000", third: "#FF9CFF", highlighted: "#FFFF00"},
	{name: "colourblind", summary: "blue, yellow and white only",
		grey: "#A9AEB5", faint: "#6C737C", accent: "#4DA3FF", good: "#4DA3FF", warn: "#FFC20A", bad: "#FFFFFF", second: "#FFC20A", third: "#E6E6E6", highlighted: "#FFE48A"},
	{name: "ansi", summary: "the terminal's own sixteen colours",
		grey: "", faint: "8", accent: "6", good: "2", warn: "3", bad: "9", second: "3", third: "5", highlighted: "13"},
}

// sixteen are the palettes of terminals that have only their own sixteen colours, where a theme has one
// other than "ansi". The nearest of the sixteen won't do: they make frames dark blue on black, and
// warnings, percentiles and marks one red.
var sixteen = map[string]palette{
	"contrast":    {grey: "15", faint: "7", accent: "14", good: "10", warn: "11", bad: "9", second: "11", third: "13", highlighted: "11"},
	"colourblind": {grey: "7", faint: "8", accent: "12", good: "12", warn: "11", bad: "15", second: "11", third: "15", highlighted: "11"},
}

// inSixteen returns what stands for p on a terminal of sixteen colours.
func (p *palette) inSixteen() *palette {
	few, ok := sixteen[p.name]
	if !ok {
		few = *paletteNamed("ansi")
	}
	few.name, few.summary = p.name, p.summary
	return &few
}

func themeNames() []string {
	var names []string
	for _, p := range palettes {
		names = append(names, p.name)
	}
	return names
}

// paletteNamed returns a palette, the first for an unknown name.
func paletteNamed(name string) *palette {
	for i := range palettes {
		if palettes[i].name == name {
			return &palettes[i]
		}
	}
	return &palettes[0]
}

func colour(c string) ink {
	if c == "" {
		return ""
	}
	return ink(ansi.Style{}.ForegroundColor(lipgloss.Color(c)).String())
}

func boldColour(c string) ink {
	return ink(ansi.Style{}.Bold().ForegroundColor(lipgloss.Color(c)).String())
}

// paint changes the theme; every pane is drawn anew.
func (m *Model) paint(name string) tea.Cmd {
	m.opts.Theme = name // what the terminal says of its background counts no more
	m.retheme(name)
	m.say(false, "theme "+paletteNamed(name).name+": "+paletteNamed(name).summary)
	return m.prefer("theme", name)
}

func (m *Model) retheme(name string) {
	p := paletteNamed(name)
	if m.sixteen {
		p = p.inSixteen()
	}
	m.theme, m.drawn, m.plotted = newTheme(p, m.opts.Symbols), [panes]draw{}, memo[plotting, []string]{}
}
