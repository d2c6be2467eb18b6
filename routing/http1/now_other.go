//go:build !unix

package http1

import "errors"

var errNever = errors.New("descriptors are not read here")

// ReadNow reads from a descriptor that never blocks.
func ReadNow(uintptr, []byte) (int, error) { return 0, errNever }

// WriteNow writes to a descriptor that never blocks.
func WriteNow(uintptr, []byte) (int, error) { return 0, errNever }
