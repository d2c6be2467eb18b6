package tui

import (
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/chart"
)

// ink is a style as the escape sequence that opens it; the empty ink writes plain text. Bubble Tea
// brings colours down to what the terminal can show.
type ink string

const closeInk = "\x1b[m"

func (i ink) on(s string) string {
	if i == "" || s == "" {
		return s
	}
	return string(i) + s + closeInk
}

// theme is every colour and glyph of the console. The colours are those of Okabe and Ito, which
// the colour-blind can tell apart; nothing is said by colour alone.
type theme struct {
	plain, bold, dim   ink
	border, focus      ink // frames
	title              ink // of the focused pane
	key                ink
	good, warn, bad    ink
	p50, p95, p99      ink
	best, last, marker ink
	heat               [4]ink // of a heat map, from cheap to dear
	glyphs             glyphs
}

// glyphs are the characters that are not letters.
type glyphs struct {
	chart                                    chart.Glyphs
	topLeft, topRight, bottomLeft, bottomRt  string
	horizontal, vertical                     string
	epsilon, alpha, gamma, delta             string
	arrow, ellipsis, dot, run, pause, cursor string
	full, empty, times, none                 string
	shades                                   [4]string // of a heat map, from cheap to dear
}

func newTheme(symbols string) theme {
	hex := func(s string) ink { return ink(ansi.Style{}.ForegroundColor(lipgloss.Color(s)).String()) }
	strong := func(s string) ink { return ink(ansi.Style{}.Bold().ForegroundColor(lipgloss.Color(s)).String()) }
	const (
		orange, sky, yellow, vermilion, purple = "#E69F00", "#56B4E9", "#F0E442", "#E8703A", "#CC79A7"
		grey, faint                            = "#9AA0A8", "#636A73"
	)
	return theme{
		bold: ink(ansi.Style{}.Bold().String()), dim: hex(grey),
		border: hex(faint), focus: hex(sky), title: strong(sky), key: hex(sky),
		good: hex(sky), warn: hex(orange), bad: strong(vermilion),
		p50: hex(sky), p95: hex(orange), p99: hex(purple),
		best: strong(sky), last: strong(yellow), marker: hex(yellow),
		heat:   [4]ink{hex(faint), hex(sky), hex(orange), hex(vermilion)},
		glyphs: newGlyphs(symbols),
	}
}

func newGlyphs(symbols string) glyphs {
	if symbols == "ascii" {
		return glyphs{
			chart:   chart.ASCII,
			topLeft: "+", topRight: "+", bottomLeft: "+", bottomRt: "+", horizontal: "-", vertical: "|",
			epsilon: "eps", alpha: "alpha", gamma: "gamma", delta: "d",
			arrow: "->", ellipsis: "..", dot: "-", run: ">", pause: "||", cursor: ">",
			full: "#", empty: ".", times: "x", none: "-",
			shades: [4]string{".", "=", "%", "#"},
		}
	}
	g := glyphs{
		chart:   chart.Braille,
		topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRt: "╯", horizontal: "─", vertical: "│",
		epsilon: "ε", alpha: "α", gamma: "γ", delta: "Δ",
		arrow: "→", ellipsis: "…", dot: "·", run: "▶", pause: "‖", cursor: ">",
		full: "█", empty: "░", times: "×", none: "·",
		shades: [4]string{"░", "▒", "▓", "█"},
	}
	if symbols == "block" {
		g.chart = chart.Block
	}
	return g
}

// state returns the ink of a server's state word.
func (t *theme) state(word string) ink {
	switch word {
	case "ok":
		return t.good
	case "SLOW", "DRAINING":
		return t.warn
	}
	return t.bad
}

// kind returns the ink of an event's kind.
func (t *theme) kind(kind string) ink {
	switch kind {
	case "policy", "param":
		return t.good
	case "fault", "health":
		return t.warn
	case "warning":
		return t.bad
	}
	return t.dim
}
