package proxy

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"slbtui/routing"
)

// budgetWindow is how long an unused right to retry is kept.
const budgetWindow = 10 * time.Second

// retryBudget bounds retries by a share of the requests, plus some a second for when there are
// few, after Finagle's. With r requests/s, the balance b of a budget gains g = share*r + perSecond
// and fades with T = budgetWindow:
//
//	db/dt = g - b/T    so after dt    b <- b*e^(-dt/T) + g*T*(1 - e^(-dt/T))
//
// A retry costs 1. So the balance is never above g*T: ten seconds' worth, for the burst that a dying
// server makes of all that it had in flight. A request costs one atomic addition.
type retryBudget struct {
	share, perSecond float64
	requests         atomic.Uint64

	mu      sync.Mutex
	balance float64
	counted uint64        // of requests
	at      time.Duration // of the balance
}

func newRetryBudget(c routing.RetryConfig, now time.Duration) *retryBudget {
	return &retryBudget{share: c.BudgetShare, perSecond: c.BudgetPerSecond, balance: c.BudgetPerSecond * budgetWindow.Seconds(), at: now}
}

// request counts one that came from a client.
func (b *retryBudget) request() { b.requests.Add(1) }

// spend takes the price of one retry, if there is enough.
func (b *retryBudget) spend(now time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.requests.Load()
	earned := b.share * float64(n-b.counted)
	b.counted = n
	if dt := (now - b.at).Seconds(); dt > 0 {
		t := budgetWindow.Seconds()
		kept := math.Exp(-dt / t)
		b.balance = b.balance*kept + (earned/dt+b.perSecond)*t*(1-kept)
		b.at = now
	} else {
		b.balance += earned
	}
	if b.balance < 1 {
		return false
	}
	b.balance--
	return true
}
