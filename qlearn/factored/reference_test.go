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
}

func newReference(servers int, cfg Config) *reference {
	r := &reference{alpha: cfg.MinLearningRate, gamma: cfg.SocialWeight, scaleTau2: 0.25}
	r.prior, r.tau2 = slices.Repeat([]float64{1.0 / 15}, 15), slices.Repeat([]float64{0.25}, 24)
	for range servers {
		r.c, r.k = append(r.c, make([]float64, 24)), append(r.k, make([]float64, 24))
		r.s, r.post = append(r.s, 0.5), append(r.post, make([]float64, 15))
	}
	for _, p := range []*[]float64{&r.lnm, &r.up, &r.down, &r.alarm, &r.f, &r.lnmAt, &r.fa, &r.total} {
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

func (r *reference) noise(i int) float64 { return math.Exp(math.Min(r.s[i]*r.s[i], 2)) - 1 }

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
	fail := decay(r.f[i], r.fa[i], now) * 2000
	b := r.level(n)
	cell, known := r.cell(i, b)
	if !known {
		return -1 + 1000*float64(n) + fail
	}
	m := math.Exp(decay(r.lnm[i], r.lnmAt[i], now))
	base := cell * m
	if n > 0 {
		low, high := max(0, b-1), min(23, b+1)
		slope := r.scaleOf(i) * (r.shape(i, high) - r.shape(i, low)) / (r.centre(high) - r.centre(low))
		base += r.gamma * float64(n) * slope * m
		if late := cell * m * math.Exp(3*r.s[i]); age > late {
			base *= age / late
		}
	}
	return base + fail
}

func clip(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }

func (r *reference) done(i, b int, v0 float64, latency, now float64, ok bool) {
	failed := 1.0
	if ok {
		failed = 0
	}
	f := decay(r.f[i], r.fa[i], now)
	r.f[i], r.fa[i] = f+0.2*(failed-f), now
	if !ok {
		return
	}
	if r.total[i] >= 20 {
		z := math.Log(latency/v0) + r.s[i]*r.s[i]/2
		y := clip(z/math.Max(0.05, r.s[i]), -4, 4)
		r.up[i], r.down[i] = math.Max(0, r.up[i]+y-1), math.Max(0, r.down[i]-y-1)
		if r.up[i] > 10 || r.down[i] > 10 {
			r.alarm[i], r.up[i], r.down[i] = now+3, 0, 0
		}
		lnm := decay(r.lnm[i], r.lnmAt[i], now)
		if now < r.alarm[i] || math.Abs(lnm) > 0.3 {
			lnm += 0.25 * clip(z-lnm, -2, 2)
			r.lnm[i], r.lnmAt[i] = lnm, now
			if math.Abs(lnm) > 0.3 {
				return
			}
		} else {
			r.s[i] += 0.01 * (1.25*math.Min(math.Abs(z), 2) - r.s[i])
		}
	}
	r.k[i][b]++
	r.total[i]++
	r.c[i][b] += math.Max(r.alpha, 1/r.k[i][b]) * (latency - r.c[i][b])
	r.measure(i)
	if r.learned++; r.learned%50 == 0 {
		r.repool()
	}
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
