package routing

import (
	"fmt"
	"slices"
	"time"

	"slbtui/routing/policy"
)

// view fills servers, one entry an upstream, with the state of now, and tells whether limits
// alone leave none to pick. stand is scratch space of the same length. Upstreams are read one
// after the other, not at one instant: a lock over all would cost more than the difference matters.
// Without averages, ResponseMS is left out.
func (p *Pool) view(servers []policy.ServerView, stand []standing, now time.Duration, exclude []int, averages bool) (full bool) {
	var count [numStandings]int
	for i, u := range p.upstreams {
		s, enough := standingOut, false
		if !averages {
			s, enough = u.glance.read(&servers[i], now, p.limits.PerServer)
		}
		if !enough {
			var back bool
			if s, back = u.view(&servers[i], now); back {
				p.announceReturn(u)
			}
		}
		stand[i] = s
		count[s]++
	}
	if count[standingIn] == len(servers) && len(exclude) == 0 && !p.failOpen.Load() {
		return false // as nearly always
	}
	if p.failsOpen(&count) {
		offer(servers, stand, standingFallback)
	}
	for _, i := range exclude {
		if i >= 0 && i < len(servers) {
			servers[i].Available, stand[i] = false, standingOut
		}
	}
	if slices.ContainsFunc(servers, func(s policy.ServerView) bool { return s.Available }) || offer(servers, stand, standingWarming) {
		return false
	}
	return slices.Contains(stand, standingFull)
}

// failsOpen tells whether so few servers are left that those count, too, which are ejected or call
// themselves unhealthy: the few would only fall one after the other. Drained servers are out on
// purpose and make no panic.
func (p *Pool) failsOpen(count *[numStandings]int) bool {
	open := p.tooFew(count)
	if p.failOpen.CompareAndSwap(!open, open) {
		reason := "enough servers are left again: ejected and unhealthy ones are out"
		if open {
			usable, all := usable(count)
			reason = fmt.Sprintf("%d of %d servers are left: ejected and unhealthy ones are used, too", usable, all)
		}
		p.announce("", StateUp, reason)
	}
	return open
}

// tooFew tells whether there are servers to fall back to, and reason to.
func (p *Pool) tooFew(count *[numStandings]int) bool {
	usable, all := usable(count)
	return count[standingFallback] > 0 && float64(usable) < p.outlier.PanicThreshold*float64(all)
}

// usable counts the servers in use, and all that are not out on purpose.
func usable(count *[numStandings]int) (usable, all int) {
	usable = count[standingIn] + count[standingWarming] + count[standingFull]
	return usable, usable + count[standingFallback] + count[standingOut]
}

// offer makes the servers of one standing available and tells whether there are any.
func offer(servers []policy.ServerView, stand []standing, s standing) (any bool) {
	for i := range servers {
		if stand[i] == s {
			servers[i].Available, any = true, true
		}
	}
	return any
}
