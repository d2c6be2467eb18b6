package theme

import "slbtui/tui/chart"

// Shades is how many steps the heat map tells apart.
const Shades = 4

// Glyphs are the characters that are not letters.
type Glyphs struct {
	Chart                                    chart.Glyphs
	topLeft, topRight, bottomLeft, bottomRt  string
	horizontal, vertical                     string
	Part                                     string // between the parts of a line
	Tick                                     string // at what was done
	Epsilon, Alpha, Gamma, Delta             string
	Arrow, Ellipsis, Dot, Run, Pause, Cursor string
	Full, Empty, Times, None                 string
	Shades                                   [Shades]string // of a heat map, from cheap to dear
	Pipe                                     Pipe
	Parts                                    []string // of a cell of a bar, growing; none: whole cells only
}

// Symbols are the names of what charts and frames can be drawn with, the default first.
func Symbols() []string { return []string{"braille", "block", "ascii"} }

func newGlyphs(symbols string) Glyphs {
	if symbols == "ascii" {
		return Glyphs{
			Chart:   chart.ASCII,
			topLeft: "+", topRight: "+", bottomLeft: "+", bottomRt: "+", horizontal: "-", vertical: "|", Part: "|", Tick: "x",
			Epsilon: "eps", Alpha: "alpha", Gamma: "gamma", Delta: "d",
			Arrow: "->", Ellipsis: "..", Dot: "-", Run: ">", Pause: "||", Cursor: ">",
			Full: "#", Empty: ".", Times: "x", None: "-",
			Shades: [4]string{".", "=", "%", "#"},
			Pipe:   asciiPipe,
		}
	}
	g := Glyphs{
		Chart:   chart.Braille,
		topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRt: "╯", horizontal: "─", vertical: "│", Part: "│", Tick: "✓",
		Epsilon: "ε", Alpha: "α", Gamma: "γ", Delta: "Δ",
		Arrow: "→", Ellipsis: "…", Dot: "·", Run: "▶", Pause: "‖", Cursor: ">",
		Full: "█", Empty: "░", Times: "×", None: "·",
		Shades: [4]string{"░", "▒", "▓", "█"},
		Pipe:   boxPipe,
		Parts:  []string{"▏", "▎", "▍", "▌", "▋", "▊", "▉"},
	}
	if symbols == "block" {
		g.Chart = chart.Block
	}
	return g
}
