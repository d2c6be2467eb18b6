//go:build !unix

package fast

const canReadReady = false

func (s *Session) readReady(uintptr) bool { return true }

func (*Session) writeOut(uintptr) {}

func (*Session) writeNow([]byte) (int, error) { return 0, nil }
