package factored

import (
	"math"
	"slices"
)

// reference is the factored policy written down as plainly as can be: every score is computed from the
// raw measurements when asked for. The fast one must give the same numbers.
type reference struct {
	alpha, gamma        float64
	c, k                [][]float64
	lnm, s, up, down    []float64
	alarm, f, lnmAt, fa []float64
	total               []float64   // measurements of each server
	post                [][]float64 // odds of the slot counts, as of the server's last measurement
	prior, tau2         []float64   // pooled: odds of the slot counts; per level, cell over curve
	scale, scaleTau2    float64     // pooled: a and its spread
	learned             int

	vari                   []float64 // relative variance of a response time, as of the server's last measurement
	slowUp, slowDown       []float64 // the patient sums
	seen                   []float64 // when last measured
	bias, samples          float64
	k2, blocks             float64
	bsum, bn               []float64
	r, ra, refused, judged []float64 // refusals
	answered               []float64 // when last in time
	byAll                  float64
	looks                  int
}

func newReference(servers int, cfg Config) *reference {
	r := &reference{alpha: cfg.MinLearningRate, gamma: cfg.SocialWeight * (1 + 0.25*math.Max(0, 1-3/float64(servers))), scaleTau2: 0.25, bias: -0.125, k2: 1}
	r.prior, r.tau2 = slices.Repeat([]float64{1.0 / 15}, 15), slices.Repeat([]float64{0.25}, 24)
	for range servers {
		r.c, r.k = append(r.c, make([]float64, 24)), append(r.k, make([]float64, 24))
		r.s, r.post = append(r.s, 0.5), append(r.post, make([]float64, 15))
	}
	for _, p := range []*[]float64{&r.lnm, &r.up, &r.down, &r.alarm, &r.f, &r.lnmAt, &r.fa, &r.total,
		&r.vari, &r.slowUp, &r.slowDown, &r.seen, &r.bsum, &r.bn, &r.r, &r.ra, &r.refused, &r.judged, &r.answered} {
		*p = make([]float64, servers)
	}
	return r
}

func (r *reference) level(n int) int {
	if n < 8 {
		return n
	}
	return min(23, 8+int(math.Floor(3*math.Log2(float64(n)/8))))
}

func (r *reference) centre(b int) float64 {
	if b < 8 {
		return float64(b)
	}
	return 8 * math.Pow(2, (float64(b)-7.5)/3)
}

func (r *reference) dependence() float64 { return clip(r.k2, 1, 25) }

func (r *reference) noise(i int) float64 { return r.vari[i] }

func (r *reference) weight(i, b int) float64 { return math.Min(r.k[i][b], 1/r.alpha) }

func (r *reference) h(slots float64, b int) float64 { return math.Max(1, (r.centre(b)+1)/slots) }

// fit gives the a of a shape and the measurements behind it.
func (r *reference) fit(i int, shape func(b int) float64) (a, weight float64) {
	for b := range 24 {
		a += r.weight(i, b) * r.c[i][b] / shape(b)
		weight += r.weight(i, b)
	}
	return a / weight, weight
}

// measure weighs the slot counts of a server anew.
func (r *reference) measure(i int) {
	r.vari[i] = (math.Exp(math.Min(r.s[i]*r.s[i], 2)) - 1) * r.dependence()
	sum := 0.0
	lowest := math.Inf(1)
	misfits := make([]float64, 15)
	for j, slots := range slotGrid {
		shape := func(b int) float64 { return r.h(slots, b) }
		a, _ := r.fit(i, shape)
		for b := range 24 {
			off := r.c[i][b]/(a*shape(b)) - 1
			misfits[j] += r.weight(i, b) * off * off / (2 * math.Max(0.01, r.noise(i)))
		}
		lowest = math.Min(lowest, misfits[j])
	}
	for j := range r.prior {
		r.post[i][j] = r.prior[j] * math.Exp(lowest-misfits[j])
		sum += r.post[i][j]
	}
	for j := range r.prior {
		r.post[i][j] /= sum
	}
}

func (r *reference) shape(i, b int) float64 {
	sum := 0.0
	for j, slots := range slotGrid {
		sum += r.post[i][j] * r.h(slots, b)
	}
	return sum
}

func (r *reference) scaleOf(i int) float64 {
	a, weight := r.fit(i, func(b int) float64 { return r.shape(i, b) })
	if r.scale == 0 {
		return a
	}
	return r.scale + r.scaleTau2/(r.scaleTau2+r.noise(i)/weight)*(a-r.scale)
}

func (r *reference) ratio(i, b int) float64 {
	w := r.tau2[b] / (r.tau2[b] + r.noise(i)/r.weight(i, b))
	return 1 + w*(r.c[i][b]/(r.scaleOf(i)*r.shape(i, b))-1)
}

func (r *reference) cell(i, b int) (ms float64, known bool) {
	if r.total[i] == 0 {
		return 0, false
	}
	below, above := -1, -1
	for l := range 24 {
		if r.k[i][l] > 0 && l <= b {
			below = l
		}
		if r.k[i][l] > 0 && l >= b && above < 0 {
			above = l
		}
	}
	curve := r.scaleOf(i) * r.shape(i, b)
	switch {
	case below < 0:
		return curve * r.ratio(i, above), true
	case above < 0 || above == below:
		return curve * r.ratio(i, below), true
	}
	part := (r.centre(b) - r.centre(below)) / (r.centre(above) - r.centre(below))
	return curve * (r.ratio(i, below) + part*(r.ratio(i, above)-r.ratio(i, below))), true
}

func decay(value, since, now float64) float64 { return value * math.Exp(-(now-since)/5) }

func (r *reference) score(i, n int, age, now float64) float64 {
	fail := 2000 * (decay(r.f[i], r.fa[i], now) + math.Max(0, decay(r.r[i], r.ra[i], now)-r.byAll))
	b := r.level(n)
	cell, known := r.cell(i, b)
	if !known {
		return -1 + 1000*float64(n) + fail
	}
	m := math.Exp(decay(r.lnm[i], r.lnmAt[i], now))
	hope := 1.0
	if _, weight := r.fit(i, func(int) float64 { return 1 }); weight < 100 {
		hope = math.Max(0.3, 1-0.5*r.s[i]/math.Sqrt(weight))
	}
	base := cell * m * hope
	if n > 0 {
		low, high := max(0, b-1), min(23, b+1)
		slope := r.scaleOf(i) * (r.shape(i, high) - r.shape(i, low)) / (r.centre(high) - r.centre(low))
		base += r.gamma * float64(n) * slope * m
		age = math.Min(age, 1000*(now-r.answered[i]))
		if late := cell * m * math.Exp(2.5*r.s[i]); age > late {
			base *= age / late
		}
	}
	return base + fail
}

func clip(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }

type ending int

const (
	fine ending = iota
	broken
	turnedDown
)

func toward(x, target float64) float64 { return x + 0.2*(target-x) }

func (r *reference) judge(i int, refused float64) {
	r.judged[i]++
	r.refused[i] += math.Max(0.01, 1/r.judged[i]) * (refused - r.refused[i])
}

func (r *reference) done(i, b int, v0 float64, latency, now float64, how ending) {
	f, refusals := decay(r.f[i], r.fa[i], now), decay(r.r[i], r.ra[i], now)
	switch how {
	case broken:
		r.f[i], r.fa[i] = toward(f, 1), now
		return
	case turnedDown:
		r.r[i], r.ra[i] = toward(refusals, 1), now
		r.judge(i, 1)
		r.look(now)
		return
	}
	r.f[i], r.fa[i], r.r[i], r.ra[i] = toward(f, 0), now, toward(refusals, 0), now
	r.judge(i, 0)
	r.seen[i] = now
	if latency <= v0*math.Exp(decay(r.lnm[i], r.lnmAt[i], now)+2.5*r.s[i]) {
		r.answered[i] = now
	}
	r.look(now)
	if r.total[i] >= 20 {
		z := math.Log(latency/v0) - r.bias
		y := clip(z/math.Max(0.05, r.s[i]), -4, 4)
		k := r.dependence()
		r.up[i], r.down[i] = math.Max(0, r.up[i]+y-1), math.Max(0, r.down[i]-y-1)
		if r.up[i] > 10*k || r.down[i] > 10*k {
			r.alarm[i], r.up[i], r.down[i] = now+3, 0, 0
		}
		r.slowUp[i], r.slowDown[i] = math.Max(0, r.slowUp[i]+clip(y, -2, 2)-0.25), math.Max(0, r.slowDown[i]-clip(y, -2, 2)-0.25)
		if r.slowUp[i] > 15*k || r.slowDown[i] > 15*k {
			r.alarm[i], r.slowUp[i], r.slowDown[i] = now+3, 0, 0
		}
		if r.samples < 50 {
			r.alarm[i] = 0
		}
		lnm := decay(r.lnm[i], r.lnmAt[i], now)
		if now < r.alarm[i] || math.Abs(lnm) > 0.3 {
			off := lnm
			lnm += 0.25 * math.Min(1, 0.25/r.s[i]/r.s[i]) / math.Sqrt(k) * clip(z-lnm, -2, 2)
			r.lnm[i], r.lnmAt[i] = lnm, now
			r.s[i] += 0.01 * (1.25*math.Min(math.Abs(z-off), 2) - r.s[i])
			if math.Abs(lnm) > 0.3 {
				r.measure(i)
				return
			}
		} else {
			r.s[i] += math.Max(0.01, 1/(r.total[i]+20)) * (1.25*math.Min(math.Abs(z), 2) - r.s[i])
			r.bias += math.Max(0.003, 1/(r.samples+20)) * clip(z, -2, 2)
			r.samples++
			r.bsum[i] += y
			if r.bn[i]++; r.bn[i] == 16 {
				r.blocks++
				r.k2 += math.Max(0.02, 1/(r.blocks+1)) * (math.Min(25, r.bsum[i]*r.bsum[i]/16) - r.k2)
				r.bsum[i], r.bn[i] = 0, 0
			}
		}
		latency = math.Min(latency, v0*math.Exp(r.bias+3.5*math.Max(0.1, r.s[i])))
	}
	r.k[i][b]++
	r.total[i]++
	r.c[i][b] += math.Max(r.alpha, 1/r.k[i][b]) * (latency - r.c[i][b])
	r.measure(i)
	if r.learned++; r.learned%50 == 0 {
		r.repool()
	}
}

// look is what is worked out of all servers at every tenth outcome.
func (r *reference) look(now float64) {
	if r.looks++; r.looks%10 != 0 {
		return
	}
	p := math.Inf(1)
	var factors []float64
	for i := range r.c {
		if r.judged[i] >= 20 {
			p = math.Min(p, r.refused[i])
		}
		if r.total[i] > 0 && now-r.seen[i] <= 5 {
			factors = append(factors, decay(r.lnm[i], r.lnmAt[i], now))
		}
	}
	if r.byAll = 0; p <= 1 {
		r.byAll = p + 2*math.Sqrt(p*(1-p)/9)
	}
	if len(factors) < 2 {
		return
	}
	slices.Sort(factors)
	low, high := factors[(len(factors)-1)/2], factors[len(factors)/2]
	off := (math.Max(0, low) + math.Min(0, high)) / 2
	if math.Abs(off) <= 0.01 {
		return
	}
	for i := range r.c {
		if r.total[i] == 0 {
			continue
		}
		r.lnm[i], r.lnmAt[i] = decay(r.lnm[i], r.lnmAt[i], now)-off, now
		for b := range r.c[i] {
			r.c[i][b] *= math.Exp(off)
		}
		r.measure(i)
	}
	r.scale *= math.Exp(off)
}

func (r *reference) repool() {
	servers, sum, weights := 1.0, 0.0, 0.0
	r.prior = slices.Repeat([]float64{1.0 / 15}, 15)
	scales, weight := make([]float64, len(r.c)), make([]float64, len(r.c))
	for i := range r.c {
		if r.total[i] == 0 {
			continue
		}
		servers++
		for j := range r.prior {
			r.prior[j] += r.post[i][j]
		}
		scales[i], weight[i] = r.fit(i, func(b int) float64 { return r.shape(i, b) })
		sum += math.Min(weight[i], 20) * scales[i]
		weights += math.Min(weight[i], 20)
	}
	for j := range r.prior {
		r.prior[j] /= servers
	}
	r.scale = sum / weights
	r.scaleTau2 = r.spread(func(i int) (off, v, k float64) {
		return scales[i]/r.scale - 1, r.noise(i) / weight[i], weight[i]
	})
	for b := range 24 {
		r.tau2[b] = r.spread(func(i int) (off, v, k float64) {
			return r.c[i][b]/(r.scaleOf(i)*r.shape(i, b)) - 1, r.noise(i) / r.weight(i, b), r.k[i][b]
		})
	}
}

func (r *reference) spread(of func(i int) (off, v, k float64)) float64 {
	total, count := 0.0, 0.0
	for i := range r.c {
		if off, v, k := of(i); k >= 3 {
			total += off*off - v
			count++
		}
	}
	if count < 2 {
		return 0.25
	}
	return math.Max(0, total/(count-1))
}
