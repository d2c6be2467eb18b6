package tui

import "time"

const (
	toastFor  = 4 * time.Second
	noticeFor = 12 * time.Second // nobody has asked for it: it takes longer to understand
)

// toast is a line in the footer's place: an acknowledgement or a complaint.
type toast struct {
	text  string
	bad   bool
	until time.Time
}

func (m *Model) say(bad bool, text string) {
	m.toast = toast{text: m.theme.Words(text), bad: bad, until: m.now.Add(toastFor)}
}

// notice says what is to be known of the time before there was a screen: each once, while nothing else is said.
func (m *Model) notice() {
	if len(m.opts.Notices) > 0 && m.toast.text == "" {
		m.say(true, m.opts.Notices[0])
		m.toast.until = m.now.Add(noticeFor)
		m.opts.Notices = m.opts.Notices[1:]
	}
}

func (t *toast) expire(now time.Time) {
	if !now.Before(t.until) {
		*t = toast{}
	}
}
