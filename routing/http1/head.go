package http1

import "bytes"

// HeadScan reads along what a server sends and finds what net/http hides: it drops, without a word, the
// Transfer-Encoding of a response older than HTTP/1.1, and takes its chunks for data. Others would take the
// same bytes for something else, which is how responses are split. The zero value is for a connection's
// next response.
type HeadScan struct {
	line  [len("transfer-encoding")]byte // how the current line begins, in lower case
	n     int
	state headState
	old   bool // the response is older than HTTP/1.1
	early bool // it is a 1xx: another one follows

	// Chunked tells that the response is older than HTTP/1.1 and yet has a Transfer-Encoding.
	Chunked bool
}

type headState uint8

const (
	headStatus headState = iota // the status line is next
	headFields
	headDone // nothing more is of interest
)

// See takes in what has been read.
func (s *HeadScan) See(p []byte) {
	if s.state == headStatus && s.n == 0 && len(p) >= len("HTTP/1.1 2") && bytes.HasPrefix(p, []byte("HTTP/1.1 ")) && p[9] != '1' {
		s.state = headDone // the common one
	}
	for i := 0; i < len(p) && s.state != headDone; i++ {
		switch c := p[i]; {
		case c == '\n':
			s.endLine(bytes.TrimSuffix(s.line[:s.n], []byte("\r")))
			s.n = 0
		case s.n < len(s.line):
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			s.line[s.n] = c
			s.n++
		}
	}
}

func (s *HeadScan) endLine(line []byte) {
	switch {
	case s.state == headStatus:
		s.old = len(line) >= 8 && string(line[:5]) == "http/" && string(line[5:8]) < "1.1"
		s.early = len(line) > 9 && line[9] == '1'
		s.state = headFields
		if !s.old && !s.early {
			s.state = headDone
		}
	case len(line) == 0 && s.early:
		s.state = headStatus
	case len(line) == 0:
		s.state = headDone
	case s.old && string(line) == "transfer-encoding":
		s.Chunked, s.state = true, headDone
	}
}
