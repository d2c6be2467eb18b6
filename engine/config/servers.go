package config

import "slbtui/routing/policy"

// ServerIDs are the ids of the servers, in order.
func (c Config) ServerIDs() []string {
	ids := make([]string, len(c.Servers))
	for i, s := range c.Servers {
		ids[i] = s.ID
	}
	return ids
}

// PolicyOptions is what the configuration says to every policy; the seed is left to the caller.
func (c Config) PolicyOptions() policy.Options {
	shared := c.QFactored
	shared.Balancers = c.LoadBalancer.Balancers
	infos := make([]policy.ServerInfo, len(c.Servers))
	for i, s := range c.Servers {
		infos[i] = policy.ServerInfo{ID: s.ID, Weight: s.Weight, Zone: s.Zone}
	}
	return policy.Options{
		Servers: infos, Zone: c.LoadBalancer.Zone, QLearning: c.QLearning, Encoder: c.StateEncoding, Reward: c.Reward, QFactored: shared,
		QNetwork: c.QNetwork, Network: c.network, DQN: c.DQN, Own: c.ownPolicies(),
	}
}
