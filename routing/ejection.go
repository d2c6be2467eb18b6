package routing

import "time"

// eject takes an outlier out of use, unless too many others are.
func (p *Pool) eject(u *upstream, now time.Duration) {
	p.ejecting.Lock()
	defer p.ejecting.Unlock()
	ejected := 1
	for _, other := range p.upstreams {
		if other != u && other.isEjected() {
			ejected++
		}
	}
	if float64(ejected) > p.outlier.MaxEjectedShare*float64(len(p.upstreams)) {
		return
	}
	u.mu.Lock()
	if u.outlier.ejected { // two requests found out at once
		u.mu.Unlock()
		return
	}
	reason := u.outlier.eject(now, &p.outlier)
	u.warming.leave(now)
	u.unlock()
	p.announce(u.id, StateEjected, reason)
}

func (u *upstream) isEjected() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.outlier.ejected
}
