package policy

import (
	"bytes"
	"fmt"
	"io"
	"slices"
)

// byServer is what the learners share that keep something of each server by itself, so that it survives a change
// of the servers: what is saved, loaded and inherited, and the tokens of what was before.
type byServer[L columns[L]] struct {
	guarded[L]
	fresh  func() L // a learner that knows nothing, of the servers of now
	serial uint64   // of the tokens of now; Reset and Load start a new one
}

// columns is what packages factored and shared have: not safe for concurrent use.
type columns[L any] interface {
	table
	Reset()
	Save(w io.Writer, servers []string) error
	Load(r io.Reader, servers []string) error
	// Adopt takes over what old knows of the servers that stay: from is the old index of each, -1 of a new one.
	Adopt(old L, from []int)
	// Keep takes over the parameters of old.
	Keep(old L)
}

// start makes fresh the learner of now.
func (b *byServer[L]) start(name string, knobs []knob[L], fresh func() L) {
	b.name, b.knobs, b.fresh, b.learner, b.serial = name, knobs, fresh, fresh(), 1
}

// Reset forgets all that was learned, requests in flight included, and keeps the parameters.
func (b *byServer[L]) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.learner.Reset()
	b.log.forget()
	b.serial++
}

// Save writes what was learned. A slow w delays no pick.
func (b *byServer[L]) Save(w io.Writer, servers []string) error {
	var text bytes.Buffer
	b.mu.Lock()
	err := b.learner.Save(&text, servers)
	b.mu.Unlock()
	if err != nil {
		return err
	}
	if _, err := text.WriteTo(w); err != nil {
		return fmt.Errorf("save %s: %w", b.name, err)
	}
	return nil
}

// Load replaces what was learned by what was saved of the same servers in the same order, and keeps the
// parameters. On an error nothing changes. A slow r delays no pick.
func (b *byServer[L]) Load(r io.Reader, servers []string) error {
	loaded := b.fresh()
	b.mu.Lock()
	loaded.Keep(b.learner)
	b.mu.Unlock()
	if err := loaded.Load(r, servers); err != nil {
		return err
	}
	b.replace(loaded)
	return nil
}

// Inherit keeps what is known of the servers that stay.
func (b *byServer[L]) Inherit(old Learner, ids, oldIDs []string) error {
	o, ok := old.(interface{ itself() *byServer[L] })
	if !ok {
		return notOfMyKind(b.name, old)
	}
	from := make([]int, len(ids))
	for i, id := range ids {
		from[i] = slices.Index(oldIDs, id)
	}
	next, before := b.fresh(), o.itself()
	b.mu.Lock()
	next.Keep(b.learner)
	b.mu.Unlock()
	before.mu.Lock()
	next.Adopt(before.learner, from)
	before.mu.Unlock()
	b.replace(next)
	return nil
}

func (b *byServer[L]) itself() *byServer[L] { return b }

// replace makes next what was learned, and keeps the parameters. Tokens of before teach nothing.
func (b *byServer[L]) replace(next L) {
	b.mu.Lock()
	defer b.mu.Unlock()
	next.Keep(b.learner)
	b.learner = next
	b.log.forget()
	b.serial++
}
