package routing

import (
	"errors"
	"net"
	"strings"
	"syscall"
	"time"
)

// shortageNews is how often people are told of a shortage that goes on.
const shortageNews = time.Minute

// shortages are the errors of a machine or process that has no socket left: descriptors, ports, memory.
var shortages = [...]syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL, syscall.ENOBUFS, syscall.ENOMEM}

// Shortage is what the balancer itself lacked where a connection could not be made, 0 when it lacked
// nothing. It says nothing about the server.
func Shortage(err error) syscall.Errno {
	var lookup *net.DNSError
	named := errors.As(err, &lookup) // which keeps of its cause the text alone
	for _, s := range shortages {
		if errors.Is(err, s) || named && strings.HasSuffix(lookup.Err, s.Error()) {
			return s
		}
	}
	return 0
}

// Lacks tells people what the balancer is short of: at once, and while it goes on every minute.
func (p *Pool) Lacks(what syscall.Errno) {
	last, now := p.lacked.Load(), int64(p.Now())
	if last > 0 && time.Duration(now-last) < shortageNews || !p.lacked.CompareAndSwap(last, now) {
		return
	}
	remedy := "free some"
	switch what {
	case syscall.EMFILE, syscall.ENFILE:
		remedy = "raise the limit of open files (ulimit -n), or lower client_limits.connections"
	case syscall.EADDRNOTAVAIL:
		remedy = "the local ports are used up: widen net.ipv4.ip_local_port_range, or spread the servers over more addresses"
	}
	p.announce("", StateUp, "no new connection to a server can be made: "+what.Error()+"; no server is blamed for it; "+remedy)
}
