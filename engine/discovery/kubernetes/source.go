// Package kubernetes finds servers as the endpoints of a service: it lists the service's EndpointSlices and then
// watches them, by the API's plain HTTP. A watch that ends is taken up where it was; one whose place in the history
// is gone (410) begins anew with a list. It starts no goroutine.
//
// Its rights in the cluster: list and watch of endpointslices in discovery.k8s.io, in one namespace.
package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"slbtui/engine/config"
	"slbtui/engine/discovery"
)

const (
	firstTry = time.Second // after a request that failed; doubled up to lastTry
	lastTry  = 30 * time.Second
)

// errGone is that the place in the history from which to watch is no more.
var errGone = errors.New("the API server's history does not go back that far")

// Source is a service.
type Source struct {
	service, namespace string
	port               config.PortName
	api                *api
	slices             slices
}

// New makes the source of a checked configuration. It fails where something is left out that only a pod has, and this
// is none.
func New(cfg config.Kubernetes) (*Source, error) {
	namespace, a, err := inPod(cfg)
	if err != nil {
		return nil, fmt.Errorf("discovery.kubernetes: %w", err)
	}
	return &Source{service: cfg.Service, namespace: namespace, port: cfg.Port, api: a, slices: slices{}}, nil
}

// String names it.
func (s *Source) String() string { return "kubernetes " + s.namespace + "/" + s.service }

// Follow implements discovery.Source.
func (s *Source) Follow(ctx context.Context, tell func([]discovery.Server, error)) error {
	defer s.api.close()
	failures := 0
	version := "" // of the list or of the last event; "" lists anew
	for ctx.Err() == nil {
		var err error
		if version == "" {
			if version, err = s.list(ctx); err == nil {
				tell(s.servers())
			}
		}
		if err == nil {
			began := time.Now()
			version, err = s.watch(ctx, version, func() { tell(s.servers()) })
			if time.Since(began) > firstTry { // a good list alone is no success: its version may be gone, again and again
				failures = 0
				if err == nil {
					continue // it ends now and then
				}
			}
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil: // at once, which is not as it should be
		case errors.Is(err, errGone):
			version = ""
			if failures == 0 { // it is not told: the list of now will do
				failures++
				continue
			}
		default:
			tell(nil, err)
		}
		wait := min(firstTry<<min(failures, 10), lastTry)
		failures++
		select {
		case <-ctx.Done():
		case <-time.After(wait - rand.N(wait/4)): // many balancers do not come back at once
		}
	}
	return nil
}

// servers are the endpoints of all slices.
func (s *Source) servers() ([]discovery.Server, error) { return s.slices.servers(s.port) }
