package live

import "context"

// Engine is all that the console knows of the engine. Both methods are safe for concurrent use.
type Engine interface {
	// Snapshot returns the latest picture, or nil while there is none.
	Snapshot() *Snapshot
	// Do carries out a command and returns once it is in force, or why it can't be.
	Do(ctx context.Context, cmd Command) error
}
