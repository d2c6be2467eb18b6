package admin

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"slbtui/routing/proxy"
)

// bounds are the upper ends of the buckets in seconds, from a cache hit to a request timeout.
var bounds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// classes are the values of the label code: bounded, whatever servers send.
var classes = [...]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}

const (
	maxUpstreams  = 1000 // those seen beyond are counted as one
	otherUpstream = "other"
)

// requests counts finished requests by upstream and class of status, in histograms of their time.
// To observe one neither allocates nor locks, but for the first of its upstream and class. It is
// safe for concurrent use.
type requests struct {
	histograms *prometheus.HistogramVec
	retries    [len(proxy.Retries{})]prometheus.Counter // by reason
	byID       atomic.Pointer[map[string]*observers]    // copied to add one
	mu         sync.Mutex                               // orders additions
}

// observers are those of one upstream, by class; nil before its first request, so that classes that
// do not occur are not written.
type observers [len(classes)]atomic.Pointer[prometheus.Observer]

func newRequests(registry prometheus.Registerer) *requests {
	r := &requests{
		histograms: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "slbtui_request_duration_seconds",
			Help:    "Time from a request's arrival to the last byte of its response, by the upstream of the last attempt and class of status.",
			Buckets: bounds,
		}, []string{"upstream", "code"}),
	}
	retries := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "slbtui_request_retries_total", Help: "Attempts after the first one of a request, by why there was another."}, []string{"reason"})
	for i := range r.retries {
		r.retries[i] = retries.WithLabelValues(proxy.RetryReason(i).String())
	}
	r.byID.Store(&map[string]*observers{})
	registry.MustRegister(r.histograms, retries)
	return r
}

// observe counts a request: upstream is "" when none was found, status 0 when there is none.
func (r *requests) observe(upstream string, status int, latency time.Duration, retries proxy.Retries) {
	r.of(upstream, classOf(status)).Observe(latency.Seconds())
	for reason, n := range retries {
		if n > 0 {
			r.retries[reason].Add(float64(n))
		}
	}
}

// keep forgets the upstreams that are not among ids, but for what stands for none or for many: their series
// would be written for ever. A request that ends later at one of them begins a series that ends with
// the next keep.
func (r *requests) keep(ids map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := *r.byID.Load()
	next := make(map[string]*observers, len(all))
	for id, of := range all {
		if id == "" || id == otherUpstream || ids[id] {
			next[id] = of
			continue
		}
		r.histograms.DeletePartialMatch(prometheus.Labels{"upstream": id})
	}
	if len(next) < len(all) {
		r.byID.Store(&next)
	}
}

func classOf(status int) int {
	if status < 100 || status > 599 {
		return 0
	}
	return status / 100
}

func (r *requests) of(upstream string, class int) prometheus.Observer {
	if _, o := known(*r.byID.Load(), upstream); o != nil {
		if o := o[class].Load(); o != nil {
			return *o
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	all := *r.byID.Load()
	upstream, of := known(all, upstream)
	if of == nil {
		of = &observers{}
		next := maps.Clone(all)
		next[upstream] = of
		r.byID.Store(&next)
	}
	o := r.histograms.WithLabelValues(upstream, classes[class])
	of[class].Store(&o)
	return o
}

// known looks an upstream up, and tells the name it is counted by.
func known(all map[string]*observers, upstream string) (string, *observers) {
	if of := all[upstream]; of != nil || len(all) < maxUpstreams {
		return upstream, of
	}
	return otherUpstream, all[otherUpstream]
}
