package logs

import (
	"runtime/debug"

	"slbtui/engine/fit"
)

// chunk is how many requests are kept together: an array that grows would be copied again and again, and ten million
// of them take twice their memory then.
const chunk = 1 << 20

// store is the requests read so far.
type store struct{ chunks [][]fit.Request }

func (s *store) len() int {
	if len(s.chunks) == 0 {
		return 0
	}
	return (len(s.chunks)-1)*chunk + len(s.chunks[len(s.chunks)-1])
}

func (s *store) add(q fit.Request) {
	last := len(s.chunks) - 1
	if last < 0 || len(s.chunks[last]) == chunk {
		s.chunks, last = append(s.chunks, nil), last+1
		if last > 0 { // the first may stay small
			s.chunks[last] = make([]fit.Request, 0, chunk)
		}
	}
	s.chunks[last] = append(s.chunks[last], q)
}

// all are the requests in one piece; the store is empty then. Each chunk goes back to the system when it is copied.
func (s *store) all() []fit.Request {
	if len(s.chunks) == 1 {
		return s.chunks[0]
	}
	all := make([]fit.Request, 0, s.len())
	for i, c := range s.chunks {
		all = append(all, c...)
		if s.chunks[i] = nil; i%2 == 1 {
			debug.FreeOSMemory()
		}
	}
	s.chunks = nil
	return all
}
