package qlearn

import "math"

// reference is the pseudocode of the factored policy, transcribed as plainly as can be: every score
// is computed from the raw measurements when asked for. The fast one must give the same numbers.
type reference struct {
	alpha, gamma        float64
	c, k                [][]float64
	lnm, s, up, down    []float64
	alarm, f, lnmAt, fa []float64
	pool, tau2          []float64
	learned             int
}

func newReference(servers int, cfg FactoredConfig) *reference {
	r := &reference{alpha: cfg.MinLearningRate, gamma: cfg.SocialWeight, pool: make([]float64, 24), tau2: make([]float64, 24)}
	for range servers {
		r.c, r.k = append(r.c, make([]float64, 24)), append(r.k, make([]float64, 24))
		r.s = append(r.s, 0.5)
	}
	for _, p := range []*[]float64{&r.lnm, &r.up, &r.down, &r.alarm, &r.f, &r.lnmAt, &r.fa} {
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

func (r *reference) v(i, b int) float64 {
	return (math.Exp(math.Min(r.s[i]*r.s[i], 2)) - 1) / math.Min(r.k[i][b], 1/r.alpha)
}

func (r *reference) cell(i, b int) (ms float64, known bool) {
	if r.k[i][b] > 0 {
		if r.pool[b] == 0 {
			return r.c[i][b], true
		}
		w := r.tau2[b] / (r.tau2[b] + r.v(i, b))
		return r.pool[b] + w*(r.c[i][b]-r.pool[b]), true
	}
	below, above := -1, -1
	for l := range 24 {
		if r.k[i][l] == 0 {
			continue
		}
		if l < b {
			below = l
		}
		if l > b && above < 0 {
			above = l
		}
	}
	switch {
	case below < 0 && above < 0:
		return 0, false
	case below < 0:
		return r.c[i][above], true
	case above < 0:
		return r.c[i][below] * (r.centre(b) + 1) / (r.centre(below) + 1), true
	}
	part := (r.centre(b) - r.centre(below)) / (r.centre(above) - r.centre(below))
	return r.c[i][below] + part*(r.c[i][above]-r.c[i][below]), true
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
		low, high := max(0, b-2), min(23, b+2)
		cellLow, _ := r.cell(i, low)
		cellHigh, _ := r.cell(i, high)
		slope := (cellHigh - cellLow) / (r.centre(high) - r.centre(low))
		base += r.gamma * float64(n) * math.Max(0, slope) * m
		if late := cell * m * math.Exp(3*r.s[i]); age > late {
			base *= age / late
		}
	}
	return base + fail
}

func clip(x, low, high float64) float64 { return math.Max(low, math.Min(high, x)) }

func (r *reference) done(i, b int, v0 float64, known bool, latency, now float64, ok bool) {
	failed := 1.0
	if ok {
		failed = 0
	}
	f := decay(r.f[i], r.fa[i], now)
	r.f[i], r.fa[i] = f+0.2*(failed-f), now
	if !ok {
		return
	}
	if known {
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
	r.c[i][b] += math.Max(r.alpha, 1/r.k[i][b]) * (latency - r.c[i][b])
	if r.learned++; r.learned%50 == 0 {
		r.repool()
	}
}

func (r *reference) repool() {
	for b := range 24 {
		sum, weight := 0.0, 0.0
		for i := range r.c {
			sum += math.Min(r.k[i][b], 20) * r.c[i][b]
			weight += math.Min(r.k[i][b], 20)
		}
		if weight == 0 {
			continue
		}
		r.pool[b], r.tau2[b] = sum/weight, 0.25
		total, count := 0.0, 0.0
		for i := range r.c {
			if r.k[i][b] >= 3 {
				off := r.c[i][b]/r.pool[b] - 1
				total += off*off - r.v(i, b)
				count++
			}
		}
		if count >= 2 {
			r.tau2[b] = math.Max(0, total/(count-1))
		}
	}
}
