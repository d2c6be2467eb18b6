package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"slbtui/engine/admin/token"
)

// Fleet carries questions between the admin listeners of replicas.
type Fleet interface {
	Name() string // of this replica
	Ask(ctx context.Context, replica string, question []byte) ([]byte, error)
	Answer(func(ctx context.Context, question []byte) []byte)
}

// question is a request to the admin listener of another replica, of somebody who was let in at this one.
type question struct {
	Method string            `json:"method"`
	URI    string            `json:"uri"` // path and query
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body,omitempty"`
	By     string            `json:"by"`
	Role   token.Role        `json:"role"`
}

type reply struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// handedOn are the headers that a question keeps.
var handedOn = []string{"Content-Type", "Accept-Encoding", "If-None-Match"}

type insideKey struct{}

// Join lets operators reach the other replicas through this listener, below /replicas/NAME, and those of the others
// this one. Call it before Run.
func (s *Server) Join(f Fleet) {
	s.fleet = f
	f.Answer(s.answerOther)
}

// replica hands a request on to another replica.
func (s *Server) replica(w http.ResponseWriter, r *http.Request, who caller) {
	name, path := r.PathValue("replica"), "/"+r.PathValue("rest")
	switch {
	case s.fleet == nil:
		refuse(w, http.StatusNotFound, "this balancer has no replicas: see cluster in the configuration")
		return
	case strings.HasPrefix(path, "/replicas/"):
		refuse(w, http.StatusNotFound, "a replica is asked by one name")
		return
	}
	q := question{Method: r.Method, URI: path, Header: map[string]string{}, By: who.String(), Role: who.Role}
	if r.URL.RawQuery != "" {
		q.URI += "?" + r.URL.RawQuery
	}
	for _, h := range handedOn {
		q.Header[h] = r.Header.Get(h)
	}
	if r.Method == http.MethodPost {
		var err error
		if q.Body, err = read(w, r); err != nil {
			s.malformed(w, err, s.commandExample())
			return
		}
	}
	if name == s.fleet.Name() {
		give(w, s.answerQuestion(r.Context(), q))
		return
	}
	asked, err := json.Marshal(q)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	answered, err := s.fleet.Ask(r.Context(), name, asked)
	var a reply
	if err == nil {
		err = json.Unmarshal(answered, &a)
	}
	if err == nil && a.Status == 0 {
		err = errors.New("replica " + name + ": its answer is none")
	}
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, err.Error())
		return
	}
	give(w, a)
}

func give(w http.ResponseWriter, a reply) {
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // who asked may have left
}

// answerOther answers the question of another replica.
func (s *Server) answerOther(ctx context.Context, data []byte) []byte {
	var q question
	a := reply{Status: http.StatusBadRequest}
	if json.Unmarshal(data, &q) == nil {
		a = s.answerQuestion(ctx, q)
	}
	out, err := json.Marshal(a)
	if err != nil {
		return nil
	}
	return out
}

func (s *Server) answerQuestion(ctx context.Context, q question) reply {
	who := caller{token.Holder{Name: q.By, Role: q.Role}, ""}
	r, err := http.NewRequestWithContext(context.WithValue(ctx, insideKey{}, who), q.Method, q.URI, bytes.NewReader(q.Body))
	if err != nil {
		return reply{Status: http.StatusBadRequest}
	}
	for name, value := range q.Header {
		r.Header.Set(name, value)
	}
	out := &unsent{header: http.Header{}, status: http.StatusOK}
	s.routes(s.endpoints()).ServeHTTP(out, r)
	return reply{out.status, out.header, out.body.Bytes()}
}

// unsent is an answer that is not sent yet.
type unsent struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *unsent) Header() http.Header         { return w.header }
func (w *unsent) WriteHeader(status int)      { w.status = status }
func (w *unsent) Write(b []byte) (int, error) { return w.body.Write(b) }
