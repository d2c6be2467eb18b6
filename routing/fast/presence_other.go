//go:build !unix

package fast

import "syscall"

// presenceOf cannot ask here: a client that has left is found out by what is written to it.
func presenceOf(syscall.RawConn) presence { return present }
