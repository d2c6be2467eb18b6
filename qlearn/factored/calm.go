package factored

// calm is what response times look like while no server drifts: of all servers together, since a kind of
// traffic is what it is wherever it goes, and few measurements of many servers are many.
//
// A lognormal R of mean v0 has E ln(R/v0) = -s²/2; other distributions, and mixtures of cheap and dear
// requests, have something else. So bias, the mean of ln(R/v0), is learned instead of assumed:
//
//	bias <- bias + max(0.003, 1/(k+20))·clip(z, ±2)
//
// Nor are measurements independent: a dear request makes all those wait that queue behind it, and a sum of
// 16 of them varies more than sixteen times one. The ratio is what statistics calls the design effect,
//
//	K² = E (y1 + ... + y16)² / 16
//
// 1 when they are independent, measured here over blocks of 16 of one server (batch means; Law, "Simulation
// modeling and analysis", section 9.5). Whatever takes k measurements for k pieces of evidence takes
// k/K²: limits of the CUSUM sums are K² times as high, and variances K² times as large.
type calm struct {
	bias    float64
	samples float64
	k2      float64 // K² as measured
	blocks  float64
}

// block is a sum of y of one server that is being filled.
type block struct {
	sum float64
	n   int
}

const (
	biasRate      = 0.003
	initialBias   = -initialSpread * initialSpread / 2
	blockLength   = 16
	blockRate     = 0.02
	maxDependence = 25.0
)

func newCalm() calm { return calm{bias: initialBias, k2: 1} }

// add takes in a z, and its y into b, the block of its server.
func (c *calm) add(z, y float64, b *block) {
	c.bias += max(biasRate, 1/(c.samples+trusted)) * clamp(z, -driftClip, driftClip)
	c.samples++
	b.sum += y
	if b.n++; b.n < blockLength {
		return
	}
	c.blocks++
	c.k2 += max(blockRate, 1/(c.blocks+1)) * (min(b.sum*b.sum/blockLength, maxDependence) - c.k2)
	*b = block{}
}

// dependence is K².
func (c *calm) dependence() float64 { return clamp(c.k2, 1, maxDependence) }
