package admin

import (
	"fmt"
	"net/http"
	"strings"

	"slbtui/engine/admin/token"
	"slbtui/engine/live"
)

// endpoint is one thing that operators can ask for.
type endpoint struct {
	method, path string
	least        token.Role    // who may
	body         func() string // an example of it, that would work now
	does         string
	handle       handler
}

func (s *Server) endpoints() []endpoint {
	return []endpoint{
		{"GET", "/healthz", token.Nobody, none, "200 while the balancer runs", s.health},
		{"GET", "/snapshot", token.Viewer, none, "all that is known of the moment: servers, policies, learners, latencies, events; ?since=SEQ for what is new", s.snapshot},
		{"GET", "/metrics", token.Viewer, none, "metrics for Prometheus", s.metrics()},
		{"POST", "/command", token.Operator, s.commandExample, "any command: " + strings.Join(kindNames(), ", "), s.command},
		s.post("/policy", "policy"),
		s.post("/params", "param"),
		s.post("/drain", "drain"),
	}
}

func none() string { return "" }

// post is a command with a path of its own.
func (s *Server) post(path, do string) endpoint {
	k, ok := live.KindNamed(do)
	if !ok {
		panic("there is no command " + do) // a mistake in this file, found by any test
	}
	return endpoint{"POST", path, token.Operator, func() string { return s.example(k) }, k.Does, s.ofKind(k)}
}

// routes sends each request to its endpoint. Whoever lost the way is told what there is.
func (s *Server) routes(all []endpoint) http.Handler {
	mux := http.NewServeMux()
	for _, e := range all {
		mux.HandleFunc(e.method+" "+e.path, s.access(e.least, e.handle))
		mux.HandleFunc(e.path, s.access(e.least, func(w http.ResponseWriter, _ *http.Request, _ caller) {
			w.Header().Set("Allow", e.method)
			refuse(w, http.StatusMethodNotAllowed, strings.TrimSpace(fmt.Sprintf("%s takes %s %s", e.path, e.method, e.body())))
		}))
	}
	mux.HandleFunc("/replicas/{replica}/{rest...}", s.access(token.Viewer, s.replica))
	mux.HandleFunc("/", s.access(token.Viewer, func(w http.ResponseWriter, r *http.Request, _ caller) {
		refuse(w, http.StatusNotFound, "nothing is at "+r.URL.Path+"; GET / lists what there is")
	}))
	mux.HandleFunc("GET /{$}", s.access(token.Viewer, func(w http.ResponseWriter, r *http.Request, _ caller) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		for _, e := range all {
			_, _ = fmt.Fprintf(w, "%-4s %-9s %s\n", e.method, e.path, e.does) // who asked may have left
			if body := e.body(); body != "" {
				_, _ = fmt.Fprintf(w, "     %s -d '%s' %s%s\n", s.curl(), body, s.base(r), e.path)
			}
		}
	}))
	return mux
}

// curl is how a command is sent from a shell.
func (s *Server) curl() string {
	words := "curl -H 'Content-Type: application/json'"
	if s.tokens != nil {
		words += ` -H "Authorization: Bearer $SLBTUI_TOKEN"`
	}
	if s.listener.Addr().Network() == "unix" {
		words += " --unix-socket " + s.listener.Addr().String()
	}
	return words
}

// base is the address that whoever asks has called.
func (s *Server) base(r *http.Request) string {
	if s.cert != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
