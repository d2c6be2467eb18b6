package admin

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"slbtui/engine/live"
)

// endpoint is one thing that operators can ask for.
type endpoint struct {
	method, path string
	body         func() string // an example of it, that would work now
	does         string
	handle       http.HandlerFunc
}

func (s *Server) endpoints() []endpoint {
	return []endpoint{
		{"GET", "/healthz", none, "200 while the balancer runs", s.health},
		{"GET", "/snapshot", none, "all that is known of the moment: servers, policies, learners, latencies, events", s.snapshot},
		{"GET", "/metrics", none, "metrics for Prometheus", s.metrics()},
		post(s, "/policy", always(`{"name": "p2c"}`), "let this policy route", policy.command),
		post(s, "/params", always(`{"learner": "q_factored", "param": "epsilon", "value": 0.05}`), "tune a learner", param.command),
		post(s, "/drain", s.aServer, `send it no new requests; with "drain": false, send it some again`, drain.command),
	}
}

func none() string { return "" }

func always(body string) func() string { return func() string { return body } }

// aServer names a server that there is: its id is whatever the configuration calls it.
func (s *Server) aServer() string {
	id := "server1"
	if snap := s.engine.Snapshot(); snap != nil && len(snap.Servers) > 0 {
		id = snap.Servers[0].ID
	}
	return fmt.Sprintf(`{"server": %q}`, id)
}

func post[T any](s *Server, path string, body func() string, does string, of func(T) (live.Command, error)) endpoint {
	return endpoint{"POST", path, body, does, command(s, body, of)}
}

// policy chooses who routes.
type policy struct {
	Name string `json:"name"`
}

func (c policy) command() (live.Command, error) { return live.SetPolicy{Name: c.Name}, nil }

// param tunes a learner. Its value has no default: none would be harmless.
type param struct {
	Learner string   `json:"learner"`
	Param   string   `json:"param"`
	Value   *float64 `json:"value"`
}

func (c param) command() (live.Command, error) {
	if c.Value == nil {
		return nil, errors.New(`"value" is missing`)
	}
	return live.SetParam{Learner: c.Learner, Param: c.Param, Value: *c.Value}, nil
}

// drain takes a server out of use, or with "drain": false back in.
type drain struct {
	Server string `json:"server"`
	Drain  *bool  `json:"drain"`
}

func (c drain) command() (live.Command, error) {
	return live.DrainServer{Server: c.Server, Drain: c.Drain == nil || *c.Drain}, nil
}

// routes sends each request to its endpoint. Whoever lost the way is told what there is.
func routes(all []endpoint) http.Handler {
	mux := http.NewServeMux()
	for _, e := range all {
		mux.HandleFunc(e.method+" "+e.path, e.handle)
		mux.HandleFunc(e.path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Allow", e.method)
			refuse(w, http.StatusMethodNotAllowed, strings.TrimSpace(fmt.Sprintf("%s takes %s %s", e.path, e.method, e.body())))
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, "nothing is at "+r.URL.Path+"; GET / lists what there is")
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		for _, e := range all {
			_, _ = fmt.Fprintf(w, "%-4s %-9s %s\n", e.method, e.path, e.does) // who asked may have left
			if body := e.body(); body != "" {
				_, _ = fmt.Fprintf(w, "     curl -H 'Content-Type: application/json' -d '%s' http://%s%s\n", body, r.Host, e.path)
			}
		}
	})
	return mux
}
