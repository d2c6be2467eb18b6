package engine

import (
	"fmt"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/discovery/kubernetes/apitest"
	"slbtui/engine/live"
)

func TestARollingReplacementOfTheFake(t *testing.T) {
	replacesAll(t, apitest.New(t).Cluster(t), "127.0.0.1")
}

// replacesAll replaces all pods of a service under load, one by one, as a Deployment does: a new one comes, an old one
// is told to end, and ends when it gets no more. They are at one address, each at a port of its own.
func replacesAll(t *testing.T, c *apitest.Cluster, address string) {
	const service, replicas = "rolling", 3
	publish := func(p *pod, terminating bool) {
		_, text, err := net.SplitHostPort(p.address)
		require.NoError(t, err)
		port, err := strconv.Atoi(text)
		require.NoError(t, err)
		c.Put(t, service, service+"-"+text, port, apitest.Endpoint{Address: address, Terminating: terminating})
	}
	remove := func(p *pod) {
		_, port, err := net.SplitHostPort(p.address)
		require.NoError(t, err)
		c.Delete(t, service+"-"+port)
	}
	start := func() *pod {
		p, err := startPod(t, net.JoinHostPort(address, "0"))
		require.NoError(t, err)
		publish(p, false)
		return p
	}
	running := []*pod{start()}
	for len(running) < replicas {
		running = append(running, start())
	}
	e := finding(t, config.Discovery{Kubernetes: config.Kubernetes{
		Service: service, Namespace: "default", API: c.URL, TokenFile: c.TokenFile, CAFile: c.CAFile,
	}}, nil)
	clients := startClients(t, e)
	defer clients.stop(t)
	takes := func(pods []*pod) func(*live.Snapshot) bool {
		return func(s *live.Snapshot) bool { return fmt.Sprint(taking(s)) == fmt.Sprint(addressesOfPods(pods)) }
	}
	clients.shared(t, addressesOfPods(running))
	for range replicas {
		running = append(running, start())
		becomes(t, e, "the new one takes requests", takes(running))
		old := running[0]
		running = running[1:]
		publish(old, true)
		becomes(t, e, "the old one takes no more", takes(running))
		old.stop(t)
		remove(old)
	}
	clients.shared(t, addressesOfPods(running))
	for _, p := range running {
		defer remove(p)
	}
}
