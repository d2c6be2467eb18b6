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
	replacesAll(t, apitest.New(t).Cluster(t), "127.0.0.")
}

// replacesAll replaces all pods of a service under load, one by one, as a Deployment does: a new one comes, an old one
// is told to end, and ends when it is done. Addresses begin with net, or are of different ports on that machine.
func replacesAll(t *testing.T, c *apitest.Cluster, network string) {
	const replicas = 3
	service := "rolling"
	port := 0
	var next int
	start := func() *pod {
		for range 50 {
			next++
			p, err := startPod(t, net.JoinHostPort(network+strconv.Itoa(next), strconv.Itoa(port)))
			if err == nil {
				return p
			}
		}
		require.FailNow(t, "no address is free")
		return nil
	}
	var running []*pod
	ending := map[*pod]bool{}
	publish := func() {
		var endpoints []apitest.Endpoint
		for _, p := range running {
			host, _, err := net.SplitHostPort(p.address)
			require.NoError(t, err)
			endpoints = append(endpoints, apitest.Endpoint{Address: host, Terminating: ending[p]})
		}
		c.Put(t, service, service+"-1", port, endpoints...)
	}
	t.Cleanup(func() { c.Delete(t, service+"-1") })
	running = append(running, start())
	_, text, err := net.SplitHostPort(running[0].address)
	require.NoError(t, err)
	port, err = strconv.Atoi(text)
	require.NoError(t, err)
	for len(running) < replicas {
		running = append(running, start())
	}
	publish()
	e := finding(t, config.Discovery{Kubernetes: config.Kubernetes{
		Service: service, Namespace: "default", API: c.URL, TokenFile: c.TokenFile, CAFile: c.CAFile,
	}}, nil)
	clients := startClients(t, e)
	defer clients.stop(t)
	clients.shared(t, addressesOfPods(running))
	for range replicas {
		running = append(running, start())
		publish()
		becomes(t, e, "the new one takes requests", func(s *live.Snapshot) bool { return fmt.Sprint(taking(s)) == fmt.Sprint(addressesOfPods(running)) })
		old := running[0]
		ending[old] = true
		publish()
		becomes(t, e, "the old one takes no more", func(s *live.Snapshot) bool { return fmt.Sprint(taking(s)) == fmt.Sprint(addressesOfPods(running[1:])) })
		old.stop(t)
		running = running[1:]
		publish()
	}
	clients.shared(t, addressesOfPods(running))
}
