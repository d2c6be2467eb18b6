package tui

import "time"

const toastFor = 4 * time.Second

// toast is a line in the footer's place: an acknowledgement or a complaint.
type toast struct {
	text  string
	bad   bool
	until time.Time
}

func (m *Model) say(bad bool, text string) {
	m.toast = toast{text: printable(text), bad: bad, until: m.now.Add(toastFor)}
}

func (t *toast) expire(now time.Time) {
	if !now.Before(t.until) {
		*t = toast{}
	}
}
