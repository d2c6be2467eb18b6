//go:build linux

package loop

import (
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Loops that have work keep their threads running, and the system may have two of them share a processor while
// others take the rest. It changes between them when it ticks, on many systems every 4 ms, and all clients of the
// loop that waits wait with it: that was what the slowest requests of a busy balancer waited for. So a loop that
// sees another one kept waiting gives the processor away (sched_yield). Whoever else wants it may get it then. Where
// that is somebody who never stops, it comes back after a tick at the earliest: loops then give it away less and
// less often, for such a neighbour would have most of it.
const (
	turnTime = 400 * time.Microsecond  // between two looks at the others
	kept     = 200 * time.Microsecond  // to have work and not the processor for longer is to be kept waiting
	dear     = 2500 * time.Microsecond // loops do not take one another the processor for as long
	dearest  = 12                      // of a generosity
	maxAsks  = 4                       // at a time, of loops that rest: each is a call of the system
)

// turn is what others see of a loop.
type turn struct {
	began     atomic.Int64  // when it came to have work, as ns of the server's time; 0: it waits for some
	processor atomic.Uint32 // that it had then
	poll      int           // its epoll, which has events while it is readable
}

// manners are how a loop treats the others.
type manners struct {
	own    *turn
	others []*turn
	queued []time.Duration // since when each of them is seen to wait for work that has come; 0: it is not
	first  int             // of them, to be asked next
	next   time.Duration   // others are looked at; 0: the loop rests
	spared time.Duration   // until when nothing is given away
	giving generosity
	ask    [1]unix.PollFd
}

// begin says that the loop has work from now on.
func (m *manners) begin(now time.Duration) {
	if m.next == 0 {
		m.next = now + turnTime
	}
	if len(m.others) > 0 {
		m.own.processor.Store(processor())
		m.own.began.Store(int64(now))
	}
}

// rest says that it has none: it waits, and whoever wants to run can.
func (m *manners) rest() {
	m.next = 0
	m.own.began.Store(0)
}

// obliged tells whether it is time to let others run.
func (m *manners) obliged(now time.Duration) bool { return now >= m.next }

// give lets other loops run, if one of them is kept waiting.
func (m *manners) give(now time.Duration, clock func() time.Duration) {
	m.next = now + turnTime
	if now < m.spared || !m.keepsWaiting(now) {
		return
	}
	_, _, _ = unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
	after := clock()
	m.next = after + turnTime
	m.spared = after + m.giving.pause(after-now)
}

// keepsWaiting tells whether another loop has work, and not the processor that it needs.
func (m *manners) keepsWaiting(now time.Duration) bool {
	asks, from := maxAsks, m.first
	for k := range m.others {
		i := (from + k) % len(m.others)
		o := m.others[i]
		if began := time.Duration(o.began.Load()); began != 0 {
			m.queued[i] = 0
			if now-began >= kept && o.processor.Load() == processor() { // where we run, it does not
				return true
			}
			continue
		}
		if asks == 0 {
			continue
		}
		asks--
		m.first = i + 1
		switch has := m.hasEvents(o); {
		case !has:
			m.queued[i] = 0
		case m.queued[i] == 0: // somebody may be about to wake it
			m.queued[i] = now
		case now-m.queued[i] >= kept:
			return true
		}
	}
	return false
}

func (m *manners) hasEvents(o *turn) bool {
	m.ask[0] = unix.PollFd{Fd: int32(o.poll), Events: unix.POLLIN}
	n, _ := unix.Poll(m.ask[:], 0)
	return n > 0
}

// generosity is how often giving away has been dear of late.
type generosity int

// pause takes in what giving away has cost, and says for how long not to do so again.
func (g *generosity) pause(cost time.Duration) time.Duration {
	if cost < dear {
		*g /= 2
		return 0
	}
	*g = min(*g+1, dearest)
	return time.Millisecond << *g
}

// processor is that on which the caller runs.
func processor() (id uint32) {
	_, _, _ = unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&id)), 0, 0)
	return id
}
