package live

import "context"

// Part is a part of a snapshot that comes from elsewhere only where somebody looks at it: it is large.
type Part string

// The parts.
const (
	PartTables    Part = "tables"    // Learner.Table
	PartDecisions Part = "decisions" // Learner.Decisions
)

// Parts lists them all.
func Parts() []Part { return []Part{PartTables, PartDecisions} }

// Sparing is an Engine elsewhere, which leaves out the parts that nobody looks at: those of before stay.
type Sparing interface {
	Engine
	// Want says which parts are looked at from now on. It does not wait.
	Want(parts ...Part)
}

// Engine is all that the console knows of the engine. Both methods are safe for concurrent use.
type Engine interface {
	// Snapshot returns the latest picture, or nil while there is none.
	Snapshot() *Snapshot
	// Do carries out a command and returns once it is in force, or why it can't be.
	Do(ctx context.Context, cmd Command) error
}
