// Package remote has running engines in other processes, behind the interface that the console knows: it follows
// the admin listeners of one balancer or of several, and sends commands to the one that is shown.
//
// It never gives up: while there is no answer, the last picture stays, with the time since when, and is asked
// for again at most five seconds later. Run owns its goroutines, one for each balancer.
package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"slbtui/engine/live"
)

// awaitFor bounds the wait for a picture that shows what a command brought about.
const awaitFor = time.Second

// Engine is one balancer of those that are followed, the one that is shown. It is a live.Sparing.
type Engine struct {
	joining chan *member // those that come while Run runs

	mu       sync.Mutex
	members  []*member
	shown    int
	seq      uint64 // of what was published: pictures of several runs have one order here
	snapshot atomic.Pointer[live.Snapshot]
}

// Open is for the balancers with these addresses. It opens no connection: see Meet and Run.
func Open(addresses []string, o Options) (*Engine, error) {
	e := &Engine{joining: make(chan *member)}
	seen := map[string]bool{}
	for _, address := range addresses {
		t, err := newTarget(address, o)
		if err != nil {
			return nil, err
		}
		if seen[t.name] {
			return nil, fmt.Errorf("%s: it is named twice", t.name)
		}
		seen[t.name] = true
		e.members = append(e.members, newMember(t, nil, e.publish))
	}
	if len(e.members) == 0 {
		return nil, errors.New("no balancer is named")
	}
	e.members[0].show(true)
	return e, nil
}

// Meet looks at all of them for the first time. It fails when one refuses (see Refusal) or none answers.
func (e *Engine) Meet(ctx context.Context) error {
	errs := make([]error, len(e.members))
	var all sync.WaitGroup
	for i, m := range e.members {
		all.Go(func() { errs[i] = m.once(ctx) })
	}
	all.Wait()
	answered := -1
	for i, err := range errs {
		var refused Refusal
		if errors.As(err, &refused) {
			return err
		}
		if err == nil && answered < 0 {
			answered = i
		}
	}
	if answered < 0 {
		return errors.Join(errs...)
	}
	e.choose(answered)
	return nil
}

// Run follows them until ctx ends.
func (e *Engine) Run(ctx context.Context) {
	var all errgroup.Group
	follow := func(m *member) {
		all.Go(func() error {
			m.follow(ctx)
			m.client.CloseIdleConnections()
			return nil
		})
	}
	for _, m := range e.all() {
		follow(m)
	}
	for {
		select {
		case m := <-e.joining:
			follow(m)
		case <-ctx.Done():
			_ = all.Wait() // none fails
			return
		}
	}
}

// all are the members there are now.
func (e *Engine) all() []*member {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.members)
}

// Snapshot is the latest picture of the balancer that is shown, nil before Meet.
func (e *Engine) Snapshot() *live.Snapshot { return e.snapshot.Load() }

// Want says which parts are looked at; the others stay as they were.
func (e *Engine) Want(parts ...live.Part) {
	for _, m := range e.all() {
		m.wants(parts)
	}
}

// Do has a command carried out by the balancer that is shown, or shows another. It returns once the picture has it,
// too, within reason.
func (e *Engine) Do(ctx context.Context, cmd live.Command) error {
	if w, ok := cmd.(live.Watch); ok {
		return e.watch(ctx, w.Balancer)
	}
	m := e.shownMember()
	seq, err := m.do(ctx, cmd)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, awaitFor)
	defer cancel()
	m.await(ctx, seq)
	return nil
}

// watch shows another balancer: one that the console is attached to, or a replica that one of them knows.
func (e *Engine) watch(ctx context.Context, name string) error {
	if i := e.named(name); i >= 0 {
		e.choose(i)
		return nil
	}
	m, err := e.shownMember().beyond(name, e.publish)
	if err != nil {
		return err
	}
	if i := e.named(m.name); i >= 0 { // the door itself
		e.choose(i)
		return nil
	}
	select {
	case e.joining <- m:
	case <-ctx.Done():
		return ctx.Err()
	}
	e.mu.Lock()
	e.members = append(e.members, m)
	at := len(e.members) - 1
	e.mu.Unlock()
	e.choose(at)
	return nil
}

func (e *Engine) named(name string) int {
	return slices.IndexFunc(e.all(), func(m *member) bool { return m.name == name })
}

// choose shows the balancer of that index.
func (e *Engine) choose(i int) {
	e.mu.Lock()
	if before := e.shown; before != i { // in one step: commands may come at once
		e.shown = i
		e.members[before].show(false)
		e.members[i].show(true)
	}
	e.mu.Unlock()
	e.publish()
}

func (e *Engine) shownMember() *member {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.members[e.shown]
}

// publish makes a picture of what is known now.
func (e *Engine) publish() {
	e.mu.Lock()
	defer e.mu.Unlock()
	link := &live.Link{}
	out := &live.Snapshot{State: live.RunStarting}
	for i, m := range e.members {
		state, good, role := m.state()
		link.Fleet = append(link.Fleet, state)
		if i != e.shown {
			continue
		}
		link.Name, link.At, link.Lost, link.Why = state.Name, good, state.Lost, state.Why
		if role == "viewer" {
			link.ReadOnly = "this token is a viewer's"
		}
		if state.Snap != nil {
			whole := *state.Snap
			e.seq++
			out, whole.Seq = &whole, e.seq
		}
	}
	out.Link = link
	e.snapshot.Store(out)
}
