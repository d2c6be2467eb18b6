package kubernetes

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/discovery"
	"slbtui/engine/discovery/kubernetes/apitest"
)

// heard is what a source has told.
type heard struct {
	lists chan string
	errs  chan error
}

// follow runs a source until the test ends.
func follow(t *testing.T, cfg config.Kubernetes) heard {
	t.Helper()
	s, err := New(cfg)
	require.NoError(t, err)
	h := heard{make(chan string, 1000), make(chan error, 1000)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- s.Follow(ctx, func(found []discovery.Server, err error) {
			if err != nil {
				h.errs <- err
				return
			}
			h.lists <- text(found)
		})
	}()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
	return h
}

// text is a list in a line: addresses in order, a - after those that leave.
func text(found []discovery.Server) string {
	words := map[string]string{}
	for _, s := range found {
		words[s.Address] = s.Address
		if s.Leaving {
			words[s.Address] += "-"
		}
	}
	return fmt.Sprint(words)
}

func words(addresses ...string) string {
	m := map[string]string{}
	for _, a := range addresses {
		m[strings.TrimSuffix(a, "-")] = a
	}
	return fmt.Sprint(m)
}

// waits for a list; others may come before it.
func (h heard) waits(t *testing.T, addresses ...string) {
	t.Helper()
	want, patience := words(addresses...), time.After(30*time.Second)
	last := "nothing"
	for {
		select {
		case last = <-h.lists:
			if last == want {
				return
			}
		case <-patience:
			require.FailNow(t, "waited in vain", "want %s, have %s", want, last)
		}
	}
}

// followsAService is what holds for any API server, the real one too.
func followsAService(t *testing.T, c *apitest.Cluster) {
	service := fmt.Sprintf("web-%d", time.Now().UnixNano()%1e6)
	slice := func(n int) string { return fmt.Sprintf("%s-%d", service, n) }
	t.Cleanup(func() { c.Delete(t, slice(1)); c.Delete(t, slice(2)) })
	c.Put(t, service, slice(1), 8080, apitest.Endpoint{Address: "10.1.0.1"}, apitest.Endpoint{Address: "10.1.0.2"}, apitest.Endpoint{Address: "10.1.0.9", Unready: true})
	c.Put(t, "other", slice(3), 8080, apitest.Endpoint{Address: "10.9.9.9"})
	t.Cleanup(func() { c.Delete(t, slice(3)) })
	h := follow(t, config.Kubernetes{
		Service: service, Namespace: "default", Port: "http", API: c.URL, TokenFile: c.TokenFile, CAFile: c.CAFile,
	})
	h.waits(t, "10.1.0.1:8080", "10.1.0.2:8080")
	c.Put(t, service, slice(2), 8080, apitest.Endpoint{Address: "10.1.0.3"})
	h.waits(t, "10.1.0.1:8080", "10.1.0.2:8080", "10.1.0.3:8080")
	c.Put(t, service, slice(1), 8080, apitest.Endpoint{Address: "10.1.0.1", Terminating: true}, apitest.Endpoint{Address: "10.1.0.2"}, apitest.Endpoint{Address: "10.1.0.9"})
	h.waits(t, "10.1.0.1:8080-", "10.1.0.2:8080", "10.1.0.3:8080", "10.1.0.9:8080")
	c.Delete(t, slice(2))
	h.waits(t, "10.1.0.1:8080-", "10.1.0.2:8080", "10.1.0.9:8080")
	c.Put(t, service, slice(1), 8081, apitest.Endpoint{Address: "10.1.0.2", Terminating: true})
	h.waits(t, "10.1.0.2:8081") // there is no other, and it still serves
	c.Delete(t, slice(1))
	h.waits(t)
	require.Empty(t, h.errs)
}
