//go:build !unix

package terminal

import "os/exec"

// Detach does nothing: there are no sessions here.
func Detach(*exec.Cmd) {}
