package remote

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"time"

	"slbtui/engine/live"
)

const (
	lookEvery      = 250 * time.Millisecond // at the balancer that is shown
	lookEveryOther = time.Second            // at the others
	firstPause     = 250 * time.Millisecond // before the first try after a failure
	longestPause   = 5 * time.Second
)

// member follows one balancer. follow's goroutine alone asks; the rest is for everybody.
type member struct {
	*target
	door    *member       // through which it is reached; nil: it is reached by itself
	changed func()        // tells of a new picture, or of none
	hurry   chan struct{} // asks at once

	mu     sync.Mutex
	held   picture
	good   time.Time // when the last answer came
	why    string    // the last try failed; "" when it did not
	fails  int       // in a row
	shown  bool
	want   []live.Part
	arrive chan struct{} // closed with the next picture
}

func newMember(t *target, door *member, changed func()) *member {
	return &member{target: t, door: door, changed: changed, want: live.Parts(), hurry: make(chan struct{}, 1), arrive: make(chan struct{}), good: time.Now()}
}

// follow looks again and again until ctx ends.
func (m *member) follow(ctx context.Context) {
	for {
		pause := m.next()
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-m.hurry:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return
		}
		_ = m.once(ctx) // it is in what everybody sees
	}
}

// once looks once.
func (m *member) once(ctx context.Context) error {
	m.mu.Lock()
	held, with := m.held, []live.Part(nil)
	if m.shown {
		with = m.want
	}
	m.mu.Unlock()
	next, err := m.look(ctx, held, with...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	m.mu.Lock()
	m.held = next
	if err != nil {
		m.why = err.Error()
		m.fails++
	} else {
		m.good, m.why, m.fails = time.Now(), "", 0
		close(m.arrive)
		m.arrive = make(chan struct{})
	}
	m.mu.Unlock()
	m.changed()
	return err
}

// next is how long to wait before the next look.
func (m *member) next() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.fails > 0:
		return pauseAfter(m.fails)
	case m.shown:
		return lookEvery
	}
	return lookEveryOther
}

// pauseAfter grows with the failures in a row, to longestPause at the most, and differs a little, so that many
// consoles do not come back at once.
func pauseAfter(failures int) time.Duration {
	pause := firstPause << min(failures-1, 10)
	return min(pause, longestPause) * time.Duration(90+rand.N(11)) / 100
}

// show says whether this is the one that is looked at.
func (m *member) show(shown bool) {
	m.mu.Lock()
	m.shown = shown
	m.mu.Unlock()
	if shown {
		m.soon()
	}
}

// wants says which parts are looked at while it is shown.
func (m *member) wants(parts []live.Part) {
	m.mu.Lock()
	more := m.shown && slices.ContainsFunc(parts, func(p live.Part) bool { return !slices.Contains(m.want, p) })
	m.want = parts
	m.mu.Unlock()
	if more {
		m.soon()
	}
}

// soon has it look at once.
func (m *member) soon() {
	select {
	case m.hurry <- struct{}{}:
	default:
	}
}

// state is what is known of the balancer, and the role that its token has there.
func (m *member) state() (s live.Member, good time.Time, role string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s = live.Member{Name: m.name, Why: m.why, Snap: m.held.snap}
	if m.why != "" {
		s.Lost = m.good
	}
	return s, m.good, m.held.role
}

// await waits until a picture of at least seq is here, or ctx ends.
func (m *member) await(ctx context.Context, seq uint64) {
	for {
		m.mu.Lock()
		there := m.held.snap != nil && m.held.snap.Seq >= seq || m.why != ""
		arrive := m.arrive
		m.mu.Unlock()
		if there {
			return
		}
		m.soon()
		select {
		case <-arrive:
		case <-ctx.Done():
			return
		}
	}
}

// beyond is a replica that the balancer knows, reached through it.
func (m *member) beyond(name string, changed func()) (*member, error) {
	door := m
	if m.door != nil {
		door = m.door
	}
	m.mu.Lock()
	snap := m.held.snap
	m.mu.Unlock()
	known := snap != nil && snap.Fleet != nil && slices.ContainsFunc(snap.Fleet.Replicas, func(r live.Replica) bool { return r.Name == name })
	if !known {
		return nil, fmt.Errorf("%s is none of the balancers that this console is attached to", name)
	}
	if door.self() == name {
		return door, nil
	}
	t := *door.target
	t.name, t.base = name, door.base+"/replicas/"+url.PathEscape(name)
	return newMember(&t, door, changed), nil
}

// self is what the balancer calls itself among its replicas.
func (m *member) self() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held.snap == nil || m.held.snap.Fleet == nil {
		return ""
	}
	return m.held.snap.Fleet.Self
}
