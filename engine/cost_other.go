//go:build !unix

package engine

import "time"

// processCPU is not known on this system.
func processCPU() time.Duration { return 0 }
