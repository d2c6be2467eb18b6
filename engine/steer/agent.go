package steer

import (
	"context"
	"fmt"
	"sync"
	"time"

	"slbtui/engine/metrics"
	"slbtui/engine/steer/haproxy"
	"slbtui/routing/policy/weights"
)

const (
	farewell     = 5 * time.Second // for every server that asks to be told that all is as it was
	keepPromise  = time.Second
	leastInitial = 20 // configured weight of which per cents are taken
	allOfIt      = 100
)

// teller answers agent checks with the weights that are wished. Its goroutine is that of Run.
type teller struct {
	backend, address, socket string // the last two for the guard
	apply                    Means
	guard                    Guard
	tell                     func(metrics.EventKind, string, string)
	agent                    *haproxy.Agent

	mu      sync.Mutex
	wishes  map[string]wish
	asked   map[string]int // servers that ask, and the per cent they were told last
	last    map[string]int // likewise, above 0
	ending  bool
	unsafe  bool // there is no guard
	puzzled bool
}

func (t *teller) open(ctx context.Context) error {
	t.asked, t.last = map[string]int{}, map[string]int{}
	var err error
	if t.agent, err = haproxy.ListenAgent(ctx, t.address, t.answer); err == nil {
		t.address = t.agent.Addr()
	}
	return err
}

// Wish says what servers are to have, by name.
func (t *teller) Wish(wishes map[string]wish) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wishes = wishes
}

// Asked counts the servers that ask.
func (t *teller) Asked() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.asked)
}

func (t *teller) answer(said string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	name := serverOf(said)
	w, known := t.wishes[name]
	if !known {
		if !t.puzzled && len(t.wishes) > 0 {
			t.puzzled = true
			t.tell(metrics.EventWarning, "", fmt.Sprintf("an agent check of HAProxy said %q, which is no server of backend %s: let each server have agent-send \"NAME\\n\"", said, t.backend))
		}
		return ""
	}
	if t.apply != ByAgent {
		return ""
	}
	percent := w.Value
	switch {
	case w.Reason == weights.Learning || t.ending:
		percent = allOfIt
	case percent == 0 && t.unsafe:
		percent = weights.Floor
	}
	if _, before := t.asked[name]; before || len(t.asked) < haproxy.MaxServers {
		t.asked[name] = percent
	}
	if percent > 0 {
		t.last[name] = percent
	}
	return haproxy.Ready(percent)
}

// Run answers until ctx ends, and then says once to each server that asks that its weight is what it was.
func (t *teller) Run(ctx context.Context) error {
	answering, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	done := make(chan error, 1)
	go func() { done <- t.agent.Run(answering) }()
	ticker := time.NewTicker(keepPromise)
	defer ticker.Stop()
	for ctx.Err() == nil {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
			t.promise()
		case <-ctx.Done():
		}
	}
	t.leave(ticker)
	stop()
	t.guard.Release()
	return <-done
}

// promise has the guard stand in for this process should it die now.
func (t *teller) promise() {
	t.mu.Lock()
	will := Will{Socket: t.socket, Backend: t.backend, Agent: t.address, Lift: map[string]int{}, Percent: map[string]int{}}
	for name, percent := range t.asked {
		if w := t.wishes[name]; percent == 0 || w.Reason == weights.Fails {
			will.Lift[name] = max(weights.Floor, t.last[name])
		} else {
			will.Percent[name] = percent
		}
	}
	t.mu.Unlock()
	err := t.guard.Promise(will)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil && !t.unsafe {
		t.unsafe = true
		t.tell(metrics.EventWarning, "", err.Error())
	}
}

// leave waits until every server that asks has been told that its weight is what it was.
func (t *teller) leave(ticker *time.Ticker) {
	t.mu.Lock()
	t.ending = true
	t.mu.Unlock()
	ticker.Reset(farewell / 50)
	for deadline := time.Now().Add(farewell); time.Now().Before(deadline); <-ticker.C {
		if t.told() {
			return
		}
	}
}

func (t *teller) told() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, percent := range t.asked {
		if percent != allOfIt {
			return false
		}
	}
	return true
}
