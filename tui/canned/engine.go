// Package canned has snapshots and an engine for the tests of what draws and speaks: always the same, rich,
// or full of what should never be there.
package canned

import (
	"context"
	"sync"

	"slbtui/engine/live"
)

// Engine shows a snapshot and remembers its orders. It is safe for concurrent use, but for its fields.
type Engine struct {
	mu   sync.Mutex
	Snap *live.Snapshot
	got  []live.Command
	Err  error // what every command is answered with
}

// Snapshot returns Snap.
func (f *Engine) Snapshot() *live.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.Snap
}

// Show replaces the snapshot.
func (f *Engine) Show(s *live.Snapshot) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Snap = s
}

// Do remembers cmd and returns Err.
func (f *Engine) Do(_ context.Context, cmd live.Command) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.got = append(f.got, cmd)
	return f.Err
}

// Orders are the commands so far, oldest first.
func (f *Engine) Orders() []live.Command {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]live.Command(nil), f.got...)
}
