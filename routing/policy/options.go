package policy

import (
	"reflect"
	"regexp"
	"slices"

	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/qlearn/net"
	"slbtui/qlearn/shared"
)

// ServerInfo is what a policy may know of a server beforehand.
type ServerInfo struct {
	ID     string
	Weight float64 // above 0; 1 unless configured
	Zone   string  // where it is, "" when nobody says
}

var zoneName = regexp.MustCompile(`^[A-Za-z0-9._-]{0,64}$`)

// IsZone tells whether a text is the name of a zone, or "" for none: at most 64 letters, digits, . _ -
func IsZone(s string) bool { return zoneName.MatchString(s) }

// Options holds all that a policy of the registry may need. Each takes what concerns it.
type Options struct {
	Servers   []ServerInfo
	Zone      string // of the balancer, "" when nobody says
	Seed      uint64
	QLearning qlearn.Config
	Encoder   qlearn.EncoderConfig
	Reward    qlearn.RewardConfig
	QFactored factored.Config
	DQN       qlearn.Config
	QNetwork  shared.Config
	Network   *net.Network // that q_network decides by; nil is the one shipped
	Own       []Spec       // policies of the configuration, beside those of All; their names are none of All's
	// Warn is told when a policy finds something wrong with itself that only a decision shows, once by each
	// policy. It must not block, and is called by several goroutines at a time; nil tells nobody.
	Warn func(policy, text string)
}

// Specs lists all policies that New knows with these options: All, and then their Own. The slice is the caller's.
func (o Options) Specs() []Spec { return append(All(), o.Own...) }

// Check fails when name is no policy of Specs and none of more, and lists what there is.
func (o Options) Check(name string, more ...string) error {
	return oneOf("a policy", append(names(o.Specs()), more...), name)
}

// equal tells whether p makes the same policies as o. Functions cannot be compared: a Spec is told by what it
// says of itself, which of a configuration's own is all there is to it.
func (o Options) equal(p Options) bool {
	same := slices.EqualFunc(o.Own, p.Own, func(a, b Spec) bool { return a.Name == b.Name && a.Summary == b.Summary })
	o.Own, o.Warn, p.Own, p.Warn = nil, nil, nil, nil
	return same && reflect.DeepEqual(o, p)
}

func (o Options) ids() []string {
	ids := make([]string, len(o.Servers))
	for i, s := range o.Servers {
		ids[i] = s.ID
	}
	return ids
}
