package proxy

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"slbtui/routing/policy"
)

// upgrade joins client and upstream after "101 Switching Protocols", until either side fails,
// both have finished, or Close. The policies hear of the answer at once: how long a WebSocket
// stays open is no response time.
func (e *exchange) upgrade(res *http.Response) Fault {
	back, ok := res.Body.(io.ReadWriteCloser)
	if !ok {
		return e.badUpgrade("the connection to the server cannot be written to")
	}
	defer func() { _ = back.Close() }()
	if e.conn != nil {
		e.conn.Upgraded()
	}
	if asked := upgradeProtocol(e.r.Header); asked == "" || !switched(asked, res.Header) {
		return e.badUpgrade(fmt.Sprintf("the server switched to %q, the client asked for %q", strings.Join(res.Header["Upgrade"], ", "), asked))
	}
	if e.body.framed() {
		// Two would read the client's connection: the transport the body, we what follows it. Nobody begins
		// another protocol in the middle of a message (RFC 9110, section 7.8).
		return e.badUpgrade("the server switched protocols before it had the request's body")
	}
	conn, buffered, err := http.NewResponseController(e.w).Hijack()
	if err != nil {
		return e.badUpgrade("this connection cannot switch protocols")
	}
	defer func() { _ = conn.Close() }()
	e.Status, e.Header = res.StatusCode, e.decision.Age()
	e.Answered(policy.Outcome{Status: res.StatusCode})
	defer e.decision.Done(e.Outcome)

	if writeSwitch(buffered.Writer, res, e.ServerID) == nil {
		stop := context.AfterFunc(e.h.closing, func() { _, _ = conn.Close(), back.Close() })
		defer stop()
		join(conn, buffered.Reader, back)
	}
	return Fault{}
}

// badUpgrade ends the attempt. The client chose what to ask for, and where: it must not be able to have servers
// ejected.
func (e *exchange) badUpgrade(text string) Fault {
	e.Done(policy.Outcome{Failure: policy.FailureLocal})
	return Fault{reason: "bad_upgrade", text: text, status: http.StatusBadGateway, failure: policy.FailureLocal}
}

func writeSwitch(w *bufio.Writer, res *http.Response, server string) error {
	h := make(http.Header, len(res.Header)+1)
	copyEndToEnd(h, res.Header)
	h["Connection"], h["Upgrade"] = []string{"Upgrade"}, res.Header["Upgrade"]
	h[ServedByHeader] = []string{server}
	// The words are ours, as the library's are in any other answer: net/http lets a CR through in a server's.
	if _, err := fmt.Fprintf(w, "HTTP/1.1 %d %s\r\n", res.StatusCode, http.StatusText(res.StatusCode)); err != nil {
		return err
	}
	if err := h.Write(w); err != nil {
		return err
	}
	if _, err := w.WriteString("\r\n"); err != nil {
		return err
	}
	return w.Flush()
}

// join copies both ways and returns when both copies have ended. A side that finishes sending is
// passed on as such, so the other may finish too; an error closes both.
func join(client net.Conn, buffered io.Reader, server io.ReadWriteCloser) {
	up := make(chan struct{})
	go func() {
		defer close(up)
		// What the client sent right behind its request sits in the server's buffer.
		pipe(server, buffered, client)
	}()
	pipe(client, server, server)
	<-up
}

// pipe copies src, which reads from conn, to dst.
func pipe(dst io.WriteCloser, src io.Reader, conn io.Closer) {
	_, err := io.Copy(dst, src)
	half, ok := dst.(interface{ CloseWrite() error })
	if err == nil && ok && half.CloseWrite() == nil {
		return
	}
	_, _ = dst.Close(), conn.Close()
}
