package fitreport

import "strings"

// balancers name each format's balancer, and how it is told to use a policy like one of ours.
var balancers = map[string]struct {
	name   string
	policy map[string]string
}{
	"haproxy": {"HAProxy", map[string]string{
		"round_robin": "balance roundrobin", "weighted_round_robin": "balance roundrobin, server ... weight N", "least_request": "balance leastconn", "random": "balance random(1)", "p2c": "balance random(2)",
	}},
	"nginx": {"nginx", map[string]string{
		"round_robin": "no directive: it is the default", "weighted_round_robin": "server ... weight=N;", "least_request": "least_conn", "random": "random", "p2c": "random two least_conn",
	}},
	"ingress-nginx": {"ingress-nginx", map[string]string{
		"round_robin": "load-balance: round_robin", "peak_ewma": "load-balance: ewma",
	}},
	"caddy": {"Caddy", map[string]string{
		"round_robin": "lb_policy round_robin", "weighted_round_robin": "lb_policy weighted_round_robin N...", "least_request": "lb_policy least_conn", "random": "lb_policy random", "p2c": "lb_policy random_choose 2",
	}},
	"envoy": {"Envoy", map[string]string{
		"round_robin": "lb_policy: ROUND_ROBIN", "weighted_round_robin": "lb_policy: ROUND_ROBIN, load_balancing_weight", "random": "lb_policy: RANDOM", "p2c": "lb_policy: LEAST_REQUEST",
	}},
	"traefik": {"Traefik", map[string]string{
		"round_robin": "strategy: wrr", "p2c": "strategy: p2c (3.4 and later)",
	}},
	"alb": {"ALB", map[string]string{
		"round_robin": "load_balancing.algorithm.type=round_robin", "least_request": "load_balancing.algorithm.type=least_outstanding_requests",
	}},
}

// reference tells whether a policy is one that knows what nobody does.
func reference(policy string) bool { return strings.HasSuffix(policy, "_clairvoyant") }

// how says what it takes to have a policy, with the balancer of the log where that can.
func how(format, policy string) string {
	format = strings.TrimSuffix(strings.TrimSuffix(format, "-seconds"), "-clf")
	b := balancers[format]
	if words, ok := b.policy[policy]; ok {
		return b.name + ": " + words
	}
	if reference(policy) {
		return "nobody can: it knows the truth"
	}
	return "slbtui serve, policy: " + policy
}
