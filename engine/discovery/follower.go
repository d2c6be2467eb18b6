package discovery

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"slbtui/engine/live"
)

const (
	together = 250 * time.Millisecond // changes within it are one
	recheck  = time.Second            // while servers leave
	retell   = 5 * time.Second        // between two problems that are told, unless all was well between them
)

// User is who goes by what is found.
type User interface {
	// Use makes these the servers. It tells whether some that leave still have requests: then it is called again.
	// On an error those of before stay.
	Use(ctx context.Context, servers []Server) (leaving bool, err error)
	// Lost tells that the place has no good answer, and why; Regained, that it has one again.
	Lost(problem string)
	Regained()
}

// Follower hands on what a source finds: the first list at once, and later changes when no more have come for a
// moment. Make it with NewFollower.
type Follower struct {
	source Source
	user   User
	state  atomic.Pointer[live.Discovery]
	found  chan struct{} // closed with the first list in use

	told time.Time // of a problem, at last; Run's
}

// NewFollower makes a follower of a source for its user. It begins with Run.
func NewFollower(s Source, u User) *Follower {
	f := &Follower{source: s, user: u, found: make(chan struct{})}
	f.state.Store(&live.Discovery{Source: s.String(), Problem: "not asked yet"})
	return f
}

// State is how it goes. It is nil for a nil Follower.
func (f *Follower) State() *live.Discovery {
	if f == nil {
		return nil
	}
	return f.state.Load()
}

// Found is closed when the first list is in use.
func (f *Follower) Found() <-chan struct{} { return f.found }

// answer is what a source tells.
type answer struct {
	found []Server
	err   error
}

// Run follows the source until ctx is done. Its error is the source's.
func (f *Follower) Run(ctx context.Context) error {
	answers := make(chan answer)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return f.source.Follow(ctx, func(found []Server, err error) {
			select {
			case answers <- answer{found, err}:
			case <-ctx.Done():
			}
		})
	})
	group.Go(func() error {
		f.follow(ctx, answers)
		return nil
	})
	return group.Wait()
}

func (f *Follower) follow(ctx context.Context, answers <-chan answer) {
	var wanted []Server
	var due <-chan time.Time // when wanted is used
	changed := false         // since it was used last
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-answers:
			list, err := a.found, a.err
			if err == nil {
				list, err = check(list)
			}
			if err != nil {
				f.lost(err)
				continue
			}
			if slices.Equal(list, wanted) {
				f.regained()
				continue
			}
			switch {
			case wanted == nil:
				due = time.After(0)
			case !changed:
				due = time.After(together)
			}
			wanted, changed = list, true
		case <-due:
			due = nil
			leaving, err := f.user.Use(ctx, wanted)
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				f.lost(err)
				wanted, changed = nil, false // the same answer is tried again
				continue
			case leaving:
				due = time.After(recheck)
			}
			f.used(wanted, changed)
			changed = false
		}
	}
}

// lost keeps the servers of before, and says so once for each problem.
func (f *Follower) lost(err error) {
	was := *f.state.Load()
	now := was
	now.Up, now.Problem = false, err.Error()
	now.Failures++
	f.state.Store(&now)
	if was.Up || was.Failures == 0 || was.Problem != now.Problem && time.Since(f.told) >= retell {
		f.told = time.Now()
		f.user.Lost(fmt.Sprintf("%s: %v", f.source, err))
	}
}

func (f *Follower) regained() {
	was := *f.state.Load()
	now := was
	now.Up, now.Problem = true, ""
	f.state.Store(&now)
	if !was.Up && was.Failures > 0 {
		f.user.Regained()
	}
}

// used counts a list that is in use.
func (f *Follower) used(list []Server, changed bool) {
	now := *f.state.Load()
	now.Servers = 0
	for _, s := range list {
		if !s.Leaving {
			now.Servers++
		}
	}
	if changed {
		now.Changes++
		f.state.Store(&now)
		f.regained()
	}
	select {
	case <-f.found:
	default:
		close(f.found)
	}
}
