package box

import "charm.land/bubbles/v2/textinput"

// NewInput is a focused line of text without a cursor of its own.
func NewInput(limit int) textinput.Model {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = limit
	in.SetVirtualCursor(false)
	in.Focus()
	return in
}
