package proxy

import (
	"net/http"
	"time"
)

// pace is the read deadline of a body, put off as long as enough of it comes. Without it a client
// could hold a connection for ever with a byte now and then. The zero value has no deadline.
type pace struct {
	control *http.ResponseController
	timeout time.Duration
	want    int // bytes in a timeout
	got     int
	renewed time.Time
}

func (p *pace) renew(now time.Time) {
	p.got, p.renewed = 0, now
	_ = p.control.SetReadDeadline(now.Add(p.timeout)) // a connection that can't, has none
}

// moved takes in n bytes. At the body's end the connection is the server's again, whose next
// read, for the client's leaving or its next request, must not find our deadline.
func (p *pace) moved(n int, ended bool) {
	if p.control == nil {
		return
	}
	if ended {
		_ = p.control.SetReadDeadline(time.Time{})
		return
	}
	if p.got += n; p.got < p.want {
		return
	}
	// A deadline costs more than a read; one put off a little early is as good.
	if now := time.Now(); now.Sub(p.renewed) > p.timeout/8 {
		p.renew(now)
	}
}
