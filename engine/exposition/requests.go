package exposition

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// bounds are the upper ends of the buckets in seconds, from a cache hit to a request timeout.
var bounds = [...]float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// classes are the values of the label code: bounded, whatever servers send.
var classes = [...]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}

const (
	maxUpstreams  = 1000 // those seen beyond are counted as one
	otherUpstream = "other"
)

// Requests counts finished requests by upstream and class of status, in histograms of their time.
// Observe costs two atomic additions and a map look-up. It is safe for concurrent use.
type Requests struct {
	byID    atomic.Pointer[map[string]*[len(classes)]histogram] // copied to add one
	mu      sync.Mutex                                          // orders additions
	retries atomic.Uint64
}

// histogram counts per bucket, the last one everything longer; the sums that the format wants are
// made when it is read.
type histogram struct {
	buckets [len(bounds) + 1]atomic.Uint64
	ns      atomic.Int64
}

// NewRequests has seen nothing.
func NewRequests() *Requests {
	r := &Requests{}
	r.byID.Store(&map[string]*[len(classes)]histogram{})
	return r
}

// Observe counts a request: upstream is "" when none was found, status 0 when there is none.
func (r *Requests) Observe(upstream string, status int, latency time.Duration, attempts int) {
	h := &r.of(upstream)[classOf(status)]
	h.buckets[sort.SearchFloat64s(bounds[:], latency.Seconds())].Add(1)
	h.ns.Add(int64(latency))
	if attempts > 1 {
		r.retries.Add(uint64(attempts - 1))
	}
}

func classOf(status int) int {
	if status < 100 || status > 599 {
		return 0
	}
	return status / 100
}

func (r *Requests) of(upstream string) *[len(classes)]histogram {
	if h := (*r.byID.Load())[upstream]; h != nil {
		return h
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	known := *r.byID.Load()
	if len(known) >= maxUpstreams && known[upstream] == nil {
		upstream = otherUpstream
	}
	if h := known[upstream]; h != nil {
		return h
	}
	next := maps.Clone(known)
	next[upstream] = &[len(classes)]histogram{}
	r.byID.Store(&next)
	return next[upstream]
}

// Write writes what was counted. Classes that did not occur are left out.
func (r *Requests) Write(w *Writer) {
	const name = "slbtui_request_duration_seconds"
	w.Family(name, "histogram", "Time from a request's arrival to the last byte of its response, by the upstream of the last attempt and class of status.")
	known := *r.byID.Load()
	for _, id := range slices.SortedFunc(maps.Keys(known), cmp.Compare[string]) {
		for c := range classes {
			known[id][c].write(w, name, Label{"upstream", id}, Label{"code", classes[c]})
		}
	}
	w.Family("slbtui_request_retries_total", "counter", "Attempts after the first one of a request.")
	w.Sample("slbtui_request_retries_total", float64(r.retries.Load()))
}

func (h *histogram) write(w *Writer, name string, upstream, code Label) {
	var cumulative [len(bounds) + 1]uint64
	var n uint64
	for i := range h.buckets {
		n += h.buckets[i].Load()
		cumulative[i] = n
	}
	if n == 0 {
		return
	}
	for i, bound := range bounds {
		w.Sample(name+"_bucket", float64(cumulative[i]), upstream, code, Label{"le", strconv.FormatFloat(bound, 'g', -1, 64)})
	}
	w.Sample(name+"_bucket", float64(n), upstream, code, Label{"le", "+Inf"})
	w.Sample(name+"_sum", time.Duration(h.ns.Load()).Seconds(), upstream, code)
	w.Sample(name+"_count", float64(n), upstream, code)
}
