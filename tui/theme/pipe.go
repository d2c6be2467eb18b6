package theme

// Pipe is what lines are drawn with through which requests flow, and what stands at their ends.
type Pipe struct {
	Lines                               [Thicknesses]string // from nothing to thick
	Joints                              [16]string          // by which of Up, Down, Left and Right it joins
	Head, Broken, Request, Busy, Vacant string
}

// Thicknesses is how many thicknesses of a line there are.
const Thicknesses = 4

// The sides that a joint joins.
const (
	Up = 1 << iota
	Down
	Left
	Right
)

var boxPipe = Pipe{
	Lines: [Thicknesses]string{"┈", "╌", "─", "━"},
	Joints: [16]string{
		" ", "│", "│", "│", "─", "╯", "╮", "┤",
		"─", "╰", "╭", "├", "─", "┴", "┬", "┼",
	},
	Head: "▶", Broken: "╳", Request: "●", Busy: "▮", Vacant: "▯",
}

var asciiPipe = Pipe{
	Lines: [Thicknesses]string{".", ".", "-", "="},
	Joints: [16]string{
		" ", "|", "|", "|", "-", "+", "+", "+",
		"-", "+", "+", "+", "-", "+", "+", "+",
	},
	Head: ">", Broken: "x", Request: "o", Busy: "#", Vacant: ".",
}
