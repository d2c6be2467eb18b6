package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"slbtui/tui/chart"
	"slbtui/tui/format"
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

// theme is every colour and glyph of the console.
type theme struct {
	name               string
	plain, bold, dim   ink
	border, focus      ink // frames
	title              ink // of the focused pane
	key                ink
	good, warn, bad    ink
	p50, p95, p99      ink
	best, last, marker ink
	heat               [shades]ink // of a heat map, from cheap to dear
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
	shades                                   [shades]string // of a heat map, from cheap to dear
}

// newTheme mixes the inks of a palette.
func newTheme(p *palette, symbols string) theme {
	return theme{
		name: p.name,
		bold: ink(ansi.Style{}.Bold().String()), dim: colour(p.grey),
		border: colour(p.faint), focus: colour(p.accent), title: boldColour(p.accent), key: colour(p.accent),
		good: colour(p.good), warn: colour(p.warn), bad: boldColour(p.bad),
		p50: colour(p.accent), p95: colour(p.second), p99: colour(p.third),
		best: boldColour(p.accent), last: boldColour(p.highlighted), marker: colour(p.highlighted),
		heat:   [4]ink{colour(p.faint), colour(p.good), colour(p.warn), colour(p.bad)},
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

// words makes a text of the engine fit to be drawn: printable, and without an arrow where there is none.
func (t *theme) words(s string) string {
	return strings.ReplaceAll(format.Printable(s), "→", t.glyphs.arrow)
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
	case "fault", "health", "scenario":
		return t.warn
	case "warning":
		return t.bad
	}
	return t.dim
}
