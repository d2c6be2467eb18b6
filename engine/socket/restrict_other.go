//go:build !unix

package socket

// restrict does nothing: what becomes of a socket's mode is a matter of its folder here.
func restrict(uintptr) {}
