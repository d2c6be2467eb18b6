package policy

import (
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
)

// ServerInfo is what a policy may know of a server beforehand.
type ServerInfo struct {
	ID     string
	Weight float64 // above 0; 1 unless configured
}

// Options holds all that a policy of the registry may need. Each takes what concerns it.
type Options struct {
	Servers   []ServerInfo
	Seed      uint64
	QLearning qlearn.Config
	Encoder   qlearn.EncoderConfig
	Reward    qlearn.RewardConfig
	QFactored factored.Config
}

func (o Options) ids() []string {
	ids := make([]string, len(o.Servers))
	for i, s := range o.Servers {
		ids[i] = s.ID
	}
	return ids
}
