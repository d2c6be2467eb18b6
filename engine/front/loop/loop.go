//go:build linux

package loop

import (
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	batch   = 256 // events that are taken at a time: of what is not among them when there are fewer, nothing has happened
	portion = 64  // of them that are handled before others of the processor may have their turn
	// patience is how long an exchange stays with a loop: from then on its server is slow, and a goroutine
	// minds timeouts and the client.
	patience = 250 * time.Millisecond
	tick     = 100 * time.Millisecond // between looks at the clock while anybody waits
	slowTick = time.Second            // and otherwise
)

// loop serves its clients on one goroutine, which alone touches what is not behind mu.
type loop struct {
	server *Server
	manners
	poll     *os.File // of the epoll
	raw      syscall.RawConn
	fd       int
	woken    int // an eventfd
	slots    slots
	events   [batch]unix.EpollEvent
	ready    int    // events
	upToDate bool   // all that has happened is among them
	round    uint64 // of the server's batches
	now      time.Time
	due      time.Time // of the next look at the clock

	clients map[*client]struct{}
	waiting int     // of them, with a request under way here
	slow    int     // of them, on goroutines of their own
	serving *client // whose turn it is
	servers servers
	closing time.Time // since when; zero: it is not
	cut     bool

	mu    sync.Mutex
	told  []news
	freed bool
}

// news is what others tell a loop.
type news struct {
	arrived  *client
	returned *client
	left     *client // it is closed, or somebody else's
	closing  bool
	cut      bool
}

func newLoop(s *Server) (*loop, error) {
	l := &loop{server: s, clients: map[*client]struct{}{}, now: time.Now()}
	l.servers = servers{loop: l, idle: map[transport][]*upstream{}, all: map[conn]*upstream{}}
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // so that os has it watched
		_ = unix.Close(fd)
		return nil, os.NewSyscallError("fcntl", err)
	}
	l.fd, l.poll = fd, os.NewFile(uintptr(fd), "epoll")
	l.own = &turn{poll: fd}
	if l.woken, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		_ = l.poll.Close()
		return nil, os.NewSyscallError("eventfd", err)
	}
	if l.raw, err = l.poll.SyscallConn(); err == nil {
		err = unix.EpollCtl(fd, unix.EPOLL_CTL_ADD, l.woken, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: noSlot})
	}
	if err == nil {
		err = l.poll.SetReadDeadline(time.Time{}) // fails where the epoll is not watched
	}
	if err != nil {
		l.free()
		return nil, err
	}
	return l, nil
}

// introduce makes the loop know the others, before any runs.
func (l *loop) introduce(all []*loop) {
	for _, o := range all {
		if o != l {
			l.others = append(l.others, o.own)
		}
	}
	l.queued = make([]time.Duration, len(l.others))
}

// free gives the descriptors back. Nobody is told anything after it.
func (l *loop) free() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.freed = true
	_, _ = l.poll.Close(), unix.Close(l.woken)
}

// tell has the loop hear of something.
func (l *loop) tell(n news) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.freed { // it has no clients left, and takes none
		if n.arrived != nil {
			_ = n.arrived.conn.Close()
		}
		return
	}
	l.told = append(l.told, n)
	if len(l.told) == 1 {
		_, _ = unix.Write(l.woken, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // never full
	}
}

// run serves until the loop is closing and has no clients.
func (l *loop) run() {
	defer l.free()
	defer l.servers.close()
	for {
		l.wait()
		l.round++
		l.now = time.Now()
		l.begin(l.server.since(l.now))
		for _, e := range l.events[:l.ready] {
			l.dismiss(e)
		}
		for i, e := range l.events[:l.ready] {
			l.handle(e)
			if i%portion == portion-1 {
				l.oblige()
			}
		}
		if !l.due.IsZero() && !l.now.Before(l.due) {
			l.look()
		}
		l.setDue()
		if !l.closing.IsZero() && len(l.clients) == 0 {
			l.rest()
			return
		}
		l.oblige()
	}
}

// oblige lets others run, if it is time.
func (l *loop) oblige() {
	if now := l.server.clock(); l.obliged(now) {
		l.give(now, l.server.clock)
		runtime.Gosched()
		l.upToDate = false // that may have taken its time
	}
}

// wait waits for events, or for the time of the next look at the clock.
func (l *loop) wait() {
	l.ready, l.upToDate = 0, false
	if l.raw.Read(l.take) != nil { // its time has ended, which is looked at anyway
		l.upToDate = false
	}
}

func (l *loop) take(fd uintptr) bool {
	// The runtime is not told of a call that never blocks: see http1.ReadNow.
	n, _, err := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, fd, uintptr(unsafe.Pointer(&l.events)), batch, 0, 0, 0)
	if err != 0 {
		return err != unix.EINTR
	}
	if l.ready, l.upToDate = int(n), n < batch; n == 0 {
		l.rest()
	}
	return n > 0
}

// setDue sees to it that the loop looks at the clock while somebody's time runs.
func (l *loop) setDue() {
	every := slowTick
	switch {
	case len(l.clients) == l.slow && len(l.servers.all) == 0:
		every = 0
	case l.waiting > 0 || !l.closing.IsZero():
		every = tick
	}
	switch left := l.due.Sub(l.now); {
	case every == 0 && l.due.IsZero(), every > 0 && left > 0 && left <= every:
		return
	case every == 0:
		l.due = time.Time{}
	default:
		l.due = l.now.Add(every)
	}
	_ = l.poll.SetReadDeadline(l.due) // an open epoll takes it
}

// dismiss closes a connection to a server that speaks unasked, or hangs up, before anybody takes it.
func (l *loop) dismiss(e unix.EpollEvent) {
	if e.Fd == noSlot {
		return
	}
	if u, ok := l.slots.get(e.Fd, e.Pad).(*upstream); ok && u.client == nil {
		l.servers.dismiss(u)
	}
}

// handle takes in an event.
func (l *loop) handle(e unix.EpollEvent) {
	if e.Fd == noSlot {
		l.listen()
		return
	}
	switch who := l.slots.get(e.Fd, e.Pad).(type) {
	case *client:
		who.readable = who.readable || e.Events&^unix.EPOLLOUT != 0
		who.gone = who.gone || e.Events&hangUp != 0
		if e.Events&unix.EPOLLOUT != 0 {
			l.onRoom(who)
		}
		l.onClient(who)
	case *upstream:
		who.gone = who.gone || e.Events&(hangUp|unix.EPOLLPRI) != 0
		l.onServer(who)
	}
}

// listen hears what others have told.
func (l *loop) listen() {
	var count [8]byte
	_, _ = unix.Read(l.woken, count[:])
	l.mu.Lock()
	told := l.told
	l.told = nil
	l.mu.Unlock()
	for _, n := range told {
		switch {
		case n.arrived != nil:
			l.arrive(n.arrived)
		case n.returned != nil:
			l.slow--
			l.back(n.returned)
		case n.left != nil:
			l.slow--
			l.forget(n.left)
		case n.closing:
			l.closing = l.now
			l.look()
		case n.cut:
			l.cut = true
			l.look()
		}
	}
}
