package proxy

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing"
	"slbtui/routing/policy"
)

// held is a server that answers when it is told to.
func held(t *testing.T) (url string, arrived, answer chan struct{}) {
	arrived, answer = make(chan struct{}, 10), make(chan struct{})
	return upstreamOf(t, func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		select {
		case <-answer:
		case <-r.Context().Done():
		}
	}), arrived, answer
}

func (g *rig) waiting(n int) {
	g.t.Helper()
	require.Eventually(g.t, func() bool { return g.pool.Waiting() == n }, 30*time.Second, time.Millisecond)
}

// One in flight, one waiting, the third turned away; then each in its turn.
func TestLimitsQueueAndRefuse(t *testing.T) {
	for name, limits := range map[string]routing.LimitsConfig{
		"in total":   {MaxInFlight: 1, Queue: 1, QueueTimeout: time.Minute},
		"per server": {PerServer: 1, Queue: 1, QueueTimeout: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			noLeaks(t)
			up, arrived, answer := held(t)
			g := newRigWith(t, Config{}, []routing.PoolOption{routing.WithLimits(limits)}, up)
			done := make(chan int, 2)
			go func() { done <- g.send("GET", "1") }()
			<-arrived
			go func() { done <- g.send("GET", "2") }()
			g.waiting(1)

			res, err := g.client.Get(g.url)
			require.NoError(t, err)
			require.Equal(t, 503, res.StatusCode)
			require.Equal(t, "1", res.Header.Get("Retry-After"))
			reason, _ := reasonOf(t, res)
			require.Equal(t, "queue_full", reason)
			x := g.exchange()
			require.Zero(t, x.Attempts)
			require.Equal(t, policy.FailureLocal, x.Outcome.Failure)

			answer <- struct{}{}
			<-arrived
			require.Equal(t, 200, <-done)
			answer <- struct{}{}
			require.Equal(t, 200, <-done)
			g.waiting(0)
		})
	}
}

func TestWaitInTheQueueEnds(t *testing.T) {
	noLeaks(t)
	up, arrived, answer := held(t)
	g := newRigWith(t, Config{TotalTimeout: time.Minute}, []routing.PoolOption{routing.WithLimits(routing.LimitsConfig{MaxInFlight: 1, Queue: 9, QueueTimeout: 30 * time.Millisecond})}, up)
	done := make(chan int)
	go func() { done <- g.send("GET", "1") }()
	<-arrived
	res, err := g.client.Get(g.url)
	require.NoError(t, err)
	require.Equal(t, 503, res.StatusCode)
	reason, _ := reasonOf(t, res)
	require.Equal(t, "queue_timeout", reason)
	_ = g.exchange()
	answer <- struct{}{}
	require.Equal(t, 200, <-done)
}

// A client that leaves the queue takes nobody's place, and a server that is free again is used.
func TestLeavingTheQueue(t *testing.T) {
	noLeaks(t)
	up, arrived, answer := held(t)
	g := newRigWith(t, Config{}, []routing.PoolOption{routing.WithLimits(routing.LimitsConfig{MaxInFlight: 1, Queue: 9, QueueTimeout: time.Minute})}, up)
	done := make(chan int, 2)
	go func() { done <- g.send("GET", "1") }()
	<-arrived
	c, _ := g.raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
	g.waiting(1)
	go func() { done <- g.send("GET", "3") }()
	g.waiting(2)
	require.NoError(t, c.Close())
	g.waiting(1)
	require.Equal(t, statusClientClosed, g.exchange().Status)
	answer <- struct{}{}
	<-arrived
	answer <- struct{}{}
	require.Equal(t, []int{200, 200}, []int{<-done, <-done})
}

// Who waits is told when a server comes back into use.
func TestWaitersHearOfAServerThatReturns(t *testing.T) {
	noLeaks(t)
	up, arrived, answer := held(t)
	second, seen := soundUpstream(t)
	g := newRigWith(t, Config{}, []routing.PoolOption{routing.WithLimits(routing.LimitsConfig{PerServer: 1, Queue: 9, QueueTimeout: time.Minute})}, up, second)
	require.NoError(t, g.pool.Drain("s2", true))
	done := make(chan int, 2)
	go func() { done <- g.send("GET", "1") }()
	<-arrived
	go func() { done <- g.send("GET", "2") }()
	g.waiting(1)
	require.NoError(t, g.pool.Drain("s2", false))
	require.Equal(t, 200, <-done)
	require.Equal(t, 1, seen.count("2"))
	answer <- struct{}{}
	require.Equal(t, 200, <-done)
}

func TestHealthPathSaysDraining(t *testing.T) {
	g := newRig(t, Config{HealthPath: "/health"}, upstreamOf(t, answerWith(200, "ok")))
	g.handler.Drain()
	res, err := g.client.Get(g.url + "/health")
	require.NoError(t, err)
	require.Equal(t, 503, res.StatusCode)
	require.JSONEq(t, `{"status":"draining","routing_strategy":"first_free","servers_count":1}`, body(t, res))
	require.Equal(t, 200, g.send("GET", "x"), "requests are served as before")
}

// What the balancer says of itself is what its clients get.
func TestHealthPathAgreesWithWhatClientsGet(t *testing.T) {
	answering, silent := routing.Poll{Answered: true}, routing.Poll{}
	panics := routing.DefaultOutlierConfig()
	never := panics
	never.PanicThreshold = 0
	for name, tc := range map[string]struct {
		outlier routing.OutlierConfig
		polls   [2]*routing.Poll // bad ones
		drained bool
		word    string
	}{
		"well":                  {panics, [2]*routing.Poll{}, false, "healthy"},
		"one left":              {panics, [2]*routing.Poll{&answering}, false, "healthy"},
		"panic":                 {panics, [2]*routing.Poll{&answering, &answering}, false, "degraded"},
		"panic, one answers":    {panics, [2]*routing.Poll{&silent, &answering}, false, "degraded"},
		"no panic":              {never, [2]*routing.Poll{&answering, &answering}, false, "unhealthy"},
		"no sign of life":       {panics, [2]*routing.Poll{&silent, &silent}, false, "unhealthy"},
		"one silent, one taken": {panics, [2]*routing.Poll{&silent}, true, "unhealthy"},
	} {
		t.Run(name, func(t *testing.T) {
			up := upstreamOf(t, answerWith(200, "ok"))
			g := newRigWith(t, Config{HealthPath: "/health"}, []routing.PoolOption{routing.WithOutlier(tc.outlier)}, up, up)
			for i, p := range tc.polls {
				for range 2 {
					if p != nil {
						g.pool.Polled(i, *p)
					}
				}
			}
			if tc.drained {
				require.NoError(t, g.pool.Drain("s2", true))
			}
			res, err := g.client.Get(g.url + "/health")
			require.NoError(t, err)
			require.Contains(t, body(t, res), `"status":"`+tc.word+`"`)
			require.Equal(t, g.send("GET", "x"), res.StatusCode)
		})
	}
}
