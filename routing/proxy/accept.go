package proxy

import (
	"net/http"
	"strconv"
	"time"

	"slbtui/routing/policy"
)

// refusal is why a request is for no server. Its status is 0 for one that is.
func (h *Handler) refusal(r *http.Request) Fault {
	switch {
	case badTarget(r):
		return Fault{reason: "bad_target", text: "the request's method, target or host is malformed", status: http.StatusBadRequest}
	case badLength(r):
		return Fault{reason: "bad_length", text: "the Content-Length is malformed, or not the body's", status: http.StatusBadRequest}
	case lacksLength(r):
		return Fault{reason: "length_required", text: "a body in HTTP/1.0 needs a Content-Length", status: http.StatusLengthRequired}
	case r.Method == http.MethodConnect:
		// A tunnel to a place of the client's choice is a forward proxy's business.
		return Fault{reason: "connect_unsupported", text: "this is no forward proxy", status: http.StatusMethodNotAllowed}
	case h.via.passed(r):
		return Fault{reason: "loop", text: "this request has been here before: one of the servers leads back to this balancer", status: http.StatusLoopDetected}
	}
	return Fault{}
}

// badLength tells of an announced length that the library overlooks: on HTTP/2 it takes one that is no
// number for 0, the first of several for all, and none at its word where no body follows.
func badLength(r *http.Request) bool {
	if r.ProtoMajor < 2 {
		return false // whose lengths frame, and are looked at
	}
	for _, v := range r.Header["Content-Length"] {
		if n, err := strconv.ParseUint(v, 10, 63); err != nil || int64(n) != r.ContentLength {
			return true
		}
	}
	return false
}

// lacksLength tells of a body in HTTP/1.0 whose end nobody knows. The library takes such a request for one
// without a body, and drops a Transfer-Encoding, which HTTP/1.0 has not, without a word: on other methods
// there is nothing to tell by, but then nothing follows on the connection.
func lacksLength(r *http.Request) bool {
	switch r.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
		return !r.ProtoAtLeast(1, 1) && len(r.Header["Content-Length"]) == 0
	}
	return false
}

// decline answers a request that is for no server.
func (h *Handler) decline(w http.ResponseWriter, r *http.Request, f Fault) {
	x := Exchange{Server: policy.NoServer, Start: time.Now(), Status: f.status, Request: HTTPRequest{r}, Refusal: f.reason, trusted: h.cfg.Trusted}
	x.Outcome = policy.Outcome{Now: h.cfg.Pool.Now(), Failure: policy.FailureLocal}
	x.Bytes = int64(f.write(w, ""))
	h.report(x)
}

// general tells of the question what is possible here, wherever that is (RFC 9110, section 9.3.7).
func general(r *http.Request) bool { return r.Method == http.MethodOptions && r.RequestURI == "*" }

// serveGeneral answers it: any method, as far as we are concerned.
func (h *Handler) serveGeneral(w http.ResponseWriter, r *http.Request) {
	x := Exchange{Server: policy.NoServer, Start: time.Now(), Status: http.StatusOK, Request: HTTPRequest{r}, trusted: h.cfg.Trusted}
	x.Outcome = policy.Outcome{Now: h.cfg.Pool.Now(), Failure: policy.FailureLocal}
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(x.Status)
	h.report(x)
}

// report tells of a request that we answered by ourselves.
func (h *Handler) report(x Exchange) {
	x.Latency = time.Since(x.Start)
	if h.cfg.Observe != nil {
		h.cfg.Observe(x)
	}
}
