package theme

// BeforeCursor is what an input shows before rune at, where its cursor stands.
func BeforeCursor(value string, at int) string { return string([]rune(value)[:at]) }

// CursorOn draws the rest of an input from the cursor on; over an empty one lies its default.
func (t *Theme) CursorOn(value string, at int, placeholder string) string {
	const reversed = Ink("\x1b[7m")
	rest := []rune(value)[at:]
	switch {
	case len(rest) > 0:
		return reversed.On(string(rest[:1])) + string(rest[1:])
	case value == "" && placeholder != "":
		p := []rune(placeholder)
		return reversed.On(string(p[:1])) + t.Dim.On(string(p[1:]))
	}
	return reversed.On(" ")
}
