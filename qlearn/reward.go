package qlearn

// Latency is the reward of a usable answer after ms milliseconds: 0 for MinLatencyMS or less,
// -Scale for MaxLatencyMS or more, linear between.
// An answer without usable content earns FailurePenalty instead, however fast it came:
// a fast failure must not look like a fast server.
func (c RewardConfig) Latency(ms float64) float64 {
	span := c.MaxLatencyMS - c.MinLatencyMS
	over := min(max(ms, c.MinLatencyMS), c.MaxLatencyMS) - c.MinLatencyMS
	if !(span > 0) || !(over > 0) { // also when either is NaN
		return 0
	}
	return -over / span * c.Scale
}
