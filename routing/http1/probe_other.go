//go:build !unix

package http1

import (
	"net"
	"syscall"
)

// probe can't look at connections here: a dead one is found out by the request, and whether a read would
// wait is never known.
type probe struct{}

func (*probe) prepare(net.Conn)          {}
func (*probe) silent() bool              { return true }
func (*probe) read([]byte) (int, error)  { return 0, errNothingYet }
func (*probe) write([]byte) (int, error) { return 0, nil }
func (*probe) socket() syscall.RawConn   { return nil }
