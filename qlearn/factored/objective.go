package factored

import "math"

// Objective is what the social weight is for.
type Objective string

// The objectives.
const (
	// Tail takes the social weight as it is set among up to three servers, and up to a quarter more among
	// many, where who spares a full server finds an idle one: a good compromise between mean and tail.
	Tail Objective = "tail"
	// Mean raises it with the load, for the lowest mean: it then pays to let some wait longer at slow servers.
	Mean Objective = "mean"
)

// demand measures ρ, the share of all workers that is busy: with S the service time by the table and m the
// speed factor, each answer was S·m of work, and a server with w slots does w seconds of it per second. In a
// queue of load ρ, one request more delays about ρ/(1-ρ) others that come after it and are not there yet
// (Kleinrock, "Queueing systems", vol. 2, section 1.4, on the busy period), whom the term n·∂C/∂n leaves out:
//
//	γ = min(4, max(social weight, ρ/(1-ρ)))
type demand struct {
	work  float64 // seconds of it, faded
	since float64 // seconds: when that was
	began float64 // seconds: the first work; 0 before
}

const (
	demandSeconds   = 5.0
	maxSocialWeight = 4.0
	maxDemand       = 0.99
	fewServers      = 3.0
	manyServers     = 0.25 // γ among very many is so much higher than among few
)

// add takes in an answer that took so much work.
func (d *demand) add(now, seconds float64) {
	if d.began == 0 {
		d.began = now
	}
	d.work = d.work*math.Exp(-max(0, now-d.since)/demandSeconds) + seconds
	d.since = now
}

// rate is the work per second of late.
func (d *demand) rate(now float64) float64 {
	seen := demandSeconds * (1 - math.Exp(-max(0, now-d.began)/demandSeconds))
	if seen < 1 {
		return 0
	}
	return d.work * math.Exp(-max(0, now-d.since)/demandSeconds) / seen
}

// leastWeight is γ whatever the load.
func (f *Learner) leastWeight() float64 {
	return f.cfg.SocialWeight * (1 + manyServers*max(0, 1-fewServers/float64(max(1, len(f.servers)))))
}

// weighDelay sets γ.
func (f *Learner) weighDelay(now float64) {
	f.socialWeight = f.leastWeight()
	if f.cfg.Objective != Mean {
		return
	}
	slots := 0.0
	for i := range f.servers {
		if s := &f.servers[i]; s.measured > 0 && !s.trouble.away {
			slots += min(s.curve.slots(), s.most()+1)
		}
	}
	if slots == 0 {
		return
	}
	rho := min(maxDemand, float64(f.cfg.Balancers)*f.demand.rate(now)/slots)
	f.socialWeight = min(maxSocialWeight, max(f.leastWeight(), rho/(1-rho)))
}

// most is the largest number of requests that the server was measured with. A server that was never full has as
// many slots as anybody likes, and counts as one that would be with the next request.
func (s *column) most() float64 {
	for b := levels - 1; b > 0; b-- {
		if s.visits[b] > 0 {
			return levelCentre[b]
		}
	}
	return 0
}
