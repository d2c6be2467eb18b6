package cmd

// face is how a run is shown.
type face int

const (
	faceConsole  face = iota // the whole screen
	facePlain                // lines of text, commands as lines
	faceHeadless             // lines of text, no commands
)

// face chooses how a run is shown: as was asked for, otherwise as what it was started from allows.
// why is a line about a choice that nobody asked for, else empty.
func (f *consoleFlags) face(terminal bool, termType string) (chosen face, why string) {
	switch {
	case f.noTUI:
		return faceHeadless, ""
	case f.plain:
		return facePlain, ""
	case !terminal:
		return faceHeadless, "no terminal: running without the console (as with --no-tui)"
	case termType == "dumb":
		return facePlain, "TERM=dumb: the console as lines of text (as with --plain)"
	}
	return faceConsole, ""
}
