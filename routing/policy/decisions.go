package policy

import (
	"slices"
	"time"

	"slbtui/qlearn"
)

// Explainer is a learner that can take its latest decisions apart.
type Explainer interface {
	// Explained returns a sample of the latest decisions, newest last: at most one every
	// explainEvery, and the last explainKept of them. The slice is the caller's.
	Explained() []Explained
}

const (
	explainEvery = 100 * time.Millisecond // of View.Now: a screen shows no more, and a request in thousands pays for it
	explainKept  = 20
)

// Explained is one decision of a learner, taken apart. What it points to never changes.
type Explained struct {
	At       time.Duration `json:"at_ns"`    // View.Now of the decision
	State    string        `json:"state"`    // the state of a joint table: "(low, high, low)"; "" for a factored one, where each server has its own
	Chosen   int           `json:"chosen"`   // index of the server the learner chose, or would have chosen
	Routed   int           `json:"routed"`   // index of the server the request went to: Chosen, unless another policy routed
	Explored bool          `json:"explored"` // Chosen was drawn at random
	// Servers is indexed by server; the lowest ScoreMS among the available was best. Level is the ID of the
	// Table's row in a factored table, and 0, 1, 2 for low, medium, high in a joint one (-1 where unknown).
	Servers []qlearn.Explanation `json:"servers"`
}

// explainLog keeps the sample. It takes no lock: the learner's own guards it. The zero value is ready to use.
type explainLog struct {
	due  time.Duration // View.Now from which on a decision is taken
	kept []Explained   // oldest first
}

// wants tells whether the decision of now belongs in the sample. It is all that most requests pay for.
func (l *explainLog) wants(now time.Duration) bool { return now >= l.due }

func (l *explainLog) add(d Explained) {
	l.due = d.At + explainEvery
	if len(l.kept) == explainKept {
		l.kept = slices.Delete(l.kept, 0, 1)
	}
	l.kept = append(l.kept, d)
}

func (l *explainLog) all() []Explained { return slices.Clone(l.kept) }

// forget empties the sample, as after a reset: old decisions are not explained by the new table.
func (l *explainLog) forget() { *l = explainLog{} }
