package proxy

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"

	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/transport"
)

// statusClientClosed is what an Exchange reports when the client left first; nobody receives it.
const statusClientClosed = 499

// The causes with which an attempt is cancelled.
var (
	errHeaderTimeout = errors.New("the server sent no response in time")
	errTotalTimeout  = errors.New("no server sent a response in time")      // and this one had less than its time
	errIdleTimeout   = errors.New("the server fell silent in its response") // whose header had come
	errClientSilent  = errors.New("the client fell silent in its request")  // and the server may have waited for it
)

// reasonShortage is that of a fault which is the balancer's own.
const reasonShortage = "local_resource"

// Fault is why an attempt brought no response.
type Fault struct {
	reason    string         // for programs: "connect_refused"
	text      string         // for people
	status    int            // to answer with
	failure   policy.Failure // whose fault it is
	cancelled bool           // the client's
	unsent    bool           // the server saw nothing of the request, so another one may get it
}

// faultNoServer is that of a request for which there is no server.
var faultNoServer = Fault{reason: "no_server_available", text: "no server is available: try again shortly", status: http.StatusServiceUnavailable, failure: policy.FailureLocal}

// The ways in which a client's body can fail. None of them is the server's fault.
var (
	faultBodyBroken   = Fault{reason: "client_body", text: "the request body could not be read", status: http.StatusBadRequest, cancelled: true}
	faultBodyTooLarge = Fault{reason: "body_too_large", text: "the request body is larger than allowed here", status: http.StatusRequestEntityTooLarge, cancelled: true}
	faultBodyTooSlow  = Fault{reason: "body_too_slow", text: "the request body came too slowly", status: http.StatusRequestTimeout, cancelled: true}
)

// faultClientLeft is that of a request whose client gave up.
var faultClientLeft = Fault{reason: "client_left", text: "the client left", status: statusClientClosed, cancelled: true}

// classify tells what an error of an attempt means. cause is why it was ended by us, if it was; client
// is the request's own context.
func classify(client context.Context, cause error, body *requestBody, err error) Fault {
	var dial *transport.DialError
	var timeout net.Error
	switch {
	case body.overLimit(): // first: a read deadline that passes ends the client's context as well
		return body.fault()
	case client.Err() != nil:
		return faultClientLeft
	case body.broken():
		return body.fault()
	case errors.Is(cause, errClientSilent):
		return faultBodyTooSlow
	case errors.Is(cause, errHeaderTimeout):
		return Fault{reason: "upstream_timeout", text: errHeaderTimeout.Error(), status: http.StatusGatewayTimeout, failure: policy.FailureTimeout}
	case errors.Is(cause, errTotalTimeout):
		return Fault{reason: "total_timeout", text: errTotalTimeout.Error(), status: http.StatusGatewayTimeout, failure: policy.FailureLocal}
	case errors.As(err, &dial):
		return classifyDial(dial)
	case errors.As(err, &timeout) && timeout.Timeout():
		return Fault{reason: "upstream_timeout", text: errHeaderTimeout.Error(), status: http.StatusGatewayTimeout, failure: policy.FailureTimeout}
	// ErrClosed: the library closed the connection under its own write when the read side saw the end.
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed):
		return remoteFault("upstream_reset", "the server reset the connection")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return remoteFault("upstream_closed", "the server closed the connection without a response")
	}
	return remoteFault("bad_response", "the server's response could not be used")
}

func remoteFault(reason, text string) Fault {
	return Fault{reason: reason, text: text, status: http.StatusBadGateway, failure: policy.FailureRemote}
}

func classifyDial(err *transport.DialError) Fault {
	var timeout net.Error
	var tls *transport.HandshakeError
	f := Fault{status: http.StatusBadGateway, failure: policy.FailureConnect, unsent: true}
	switch {
	case routing.Shortage(err) != 0:
		f.reason, f.text = reasonShortage, "the balancer has no socket left for the connection"
		f.failure, f.unsent = policy.FailureLocal, false // no server can do better
	case errors.Is(err, syscall.ECONNREFUSED):
		f.reason, f.text = "connect_refused", "the server refused the connection"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		f.reason, f.text, f.status = "connect_timeout", "the server accepted no connection in time", http.StatusGatewayTimeout
	case errors.As(err, &tls):
		f.reason, f.text = "tls_failed", "the server could not be verified, or speaks no TLS"
	default:
		f.reason, f.text = "connect_failed", "the server could not be connected to"
	}
	return f
}

// write answers the client with the fault and returns the length of the body. Nothing may have been
// written yet.
func (f Fault) write(w http.ResponseWriter, server string) int {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	if f.status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(f.status)
	n, _ := w.Write(f.body(server)) // the client may have left: nobody else to tell
	return n
}

func (f Fault) body(server string) []byte {
	body, err := json.Marshal(struct {
		Error  string `json:"error"`
		Reason string `json:"reason"`
		Server string `json:"server,omitempty"`
	}{f.text, f.reason, server})
	if err != nil {
		panic(http.ErrAbortHandler) // three strings always marshal
	}
	return append(body, '\n')
}
