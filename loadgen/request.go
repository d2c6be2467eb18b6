package loadgen

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
)

// maxRequestBody is how large a body can be asked for, since each request under way holds a reader of it.
const maxRequestBody = 8 << 20

// Path is a resource and how often it is asked for, next to the others.
type Path struct {
	Path   string  // relative to Config.URL, or absolute on its host; may carry a query
	Weight float64 // above 0
}

// requests makes the requests of a run: all alike, but for the path.
type requests struct {
	template *http.Request
	body     []byte
	seed     uint64
	targets  []*url.URL
	upTo     []float64 // cumulative weights of targets
	prepare  func(seq uint64, r *http.Request)
}

func newRequests(cfg Config) (*requests, error) {
	r := &requests{body: cfg.Body, seed: cfg.Seed, prepare: cfg.Prepare}
	var err error
	if r.template, err = http.NewRequest(cfg.Method, cfg.URL, http.NoBody); err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	if len(cfg.Body) > maxRequestBody {
		return nil, fmt.Errorf("body: %d bytes are more than %d MiB", len(cfg.Body), maxRequestBody>>20)
	}
	r.template.Header.Set("User-Agent", "slbtui-loadgen")
	for name, values := range cfg.Header {
		r.template.Header[http.CanonicalHeaderKey(name)] = values
	}
	if host := r.template.Header.Get("Host"); host != "" { // net/http keeps it apart from the others
		r.template.Host = host
		r.template.Header.Del("Host")
	}
	r.authenticate()
	total := 0.0
	for _, p := range cfg.Paths {
		if !(p.Weight > 0) || !finite(p.Weight) {
			return nil, fmt.Errorf("path %s: weight %v is not above 0", p.Path, p.Weight)
		}
		u, err := r.template.URL.Parse(p.Path)
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", p.Path, err)
		}
		if u.Host != r.template.URL.Host || u.Scheme != r.template.URL.Scheme {
			return nil, fmt.Errorf("path %q: leads to another host than %s", p.Path, r.template.URL.Host)
		}
		u.User = nil
		total += p.Weight
		r.targets, r.upTo = append(r.targets, u), append(r.upTo, total)
	}
	return r, nil
}

// authenticate moves name and password from the URL, where errors would print them, into a header; one that was asked for
// stays.
func (r *requests) authenticate() {
	user := r.template.URL.User
	r.template.URL.User = nil
	if user == nil || r.template.Header.Get("Authorization") != "" {
		return
	}
	password, _ := user.Password()
	r.template.SetBasicAuth(user.Username(), password)
}

// make returns the request of that number. Equal seeds give equal paths, whichever goroutine asks.
func (r *requests) make(ctx context.Context, seq uint64) *http.Request {
	var req *http.Request
	if r.prepare == nil {
		req = r.template.WithContext(ctx)
	} else {
		req = r.template.Clone(ctx) // it may change the header
	}
	r.aim(req, seq)
	if len(r.body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(r.body))
		req.ContentLength = int64(len(r.body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.body)), nil }
	}
	if r.prepare != nil {
		r.prepare(seq, req)
	}
	return req
}

// alike tells whether a request may be used again, aimed anew: it has no part that sending it uses up.
func (r *requests) alike() bool { return r.prepare == nil && len(r.body) == 0 }

// aim gives a request the path of that number.
func (r *requests) aim(req *http.Request, seq uint64) {
	if len(r.targets) > 0 {
		req.URL = r.pick(seq)
	}
}

// pick draws a target from a generator of the request's own: its first number is as good as any.
func (r *requests) pick(seq uint64) *url.URL {
	last := len(r.targets) - 1
	at := rand.New(rand.NewPCG(r.seed, seq)).Float64() * r.upTo[last]
	for i, upTo := range r.upTo {
		if at < upTo {
			return r.targets[i]
		}
	}
	return r.targets[last]
}
