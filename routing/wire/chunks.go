package wire

import (
	"errors"
	"math"
)

// What ends a chunked body before its time.
var (
	ErrChunk   = errors.New("the response's chunked encoding is malformed")
	ErrWaste   = errors.New("the response's chunked encoding is mostly overhead")
	ErrTrailer = errors.New("the response's trailer is malformed or longer than 4 KiB")
)

const (
	maxLine    = 4 << 10 // bytes of a chunk's size and its extensions
	maxTrailer = 4 << 10 // bytes
)

// Chunks takes the framing off a chunked body (RFC 9112, section 7.1), whatever pieces it comes in. The zero value
// stands before the first chunk.
type Chunks struct {
	state   chunkState
	digits  int   // of the size that have come
	left    int64 // of the chunk
	line    int   // bytes of the size line
	waste   int   // bytes that brought no data, beyond what is fair
	trailer []byte
}

type chunkState uint8

const (
	chunkSize  chunkState = iota
	chunkBlank            // behind the size, blanks until the line's end
	chunkExtra            // an extension, which nobody knows
	chunkLF               // of the size line
	chunkData
	chunkEndCR // behind the data
	chunkEndLF
	chunkTrailer
	chunkDone
)

// Done tells whether the body's end has come.
func (c *Chunks) Done() bool { return c.state == chunkDone }

// Squeeze takes in p, and returns the data in it, in one piece of p, and how much of p belongs to the body: all,
// until that is done. p is changed. With an error there is the data before it.
func (c *Chunks) Squeeze(p []byte) (data []byte, n int, err error) {
	from, to := 0, 0
	for n < len(p) && c.state != chunkDone {
		if c.state == chunkData {
			k := int(min(c.left, int64(len(p)-n)))
			if from == to {
				from, to = n, n
			}
			if to != n {
				copy(p[to:], p[n:n+k])
			}
			to, n, c.left = to+k, n+k, c.left-int64(k)
			if c.left == 0 {
				c.state = chunkEndCR
			}
			continue
		}
		if err := c.frame(p[n]); err != nil {
			return p[from:to], n, err
		}
		n++
	}
	return p[from:to], n, nil
}

// frame takes in a byte that is none of the data.
func (c *Chunks) frame(b byte) error {
	c.line++
	switch c.state {
	case chunkSize:
		return c.size(b)
	case chunkBlank, chunkExtra:
		switch {
		case b == '\r':
			c.state = chunkLF
		case b == '\n', c.state == chunkBlank && b != ' ' && b != '\t':
			return ErrChunk // a bare LF ends a line for some readers, and not for others
		case c.line > maxLine:
			return ErrWaste
		}
	case chunkLF:
		if b != '\n' {
			return ErrChunk
		}
		return c.begin()
	case chunkEndCR:
		c.state = chunkEndLF
		if b != '\r' {
			return ErrChunk
		}
	case chunkEndLF:
		c.state, c.digits, c.line = chunkSize, 0, 0
		if b != '\n' {
			return ErrChunk
		}
	case chunkTrailer:
		return c.end(b)
	}
	return nil
}

// size takes in a byte of the size line's beginning.
func (c *Chunks) size(b byte) error {
	switch {
	case isHex(b) && c.digits < 16 && c.left <= math.MaxInt64>>4:
		c.left = c.left<<4 | int64(unhex(b))
		c.digits++
		return nil
	case isHex(b), c.digits == 0:
		return ErrChunk
	}
	switch b {
	case '\r':
		c.state = chunkLF
	case ';':
		c.state = chunkExtra
	case ' ', '\t':
		c.state = chunkBlank
	default:
		return ErrChunk
	}
	return nil
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// begin stands behind a size line.
func (c *Chunks) begin() error {
	// A byte a chunk is fair: five bytes for one. Extensions that never end are not.
	c.waste = max(0, c.waste+c.line-16-2*int(min(c.left, math.MaxInt32)))
	switch {
	case c.waste > 16<<10:
		return ErrWaste
	case c.left == 0:
		c.state = chunkTrailer
	default:
		c.state = chunkData
	}
	return nil
}

// end takes in a byte of what follows the last chunk.
func (c *Chunks) end(b byte) error {
	c.trailer = append(c.trailer, b)
	n := len(c.trailer)
	switch {
	case n > maxTrailer, b == '\n' && (n < 2 || c.trailer[n-2] != '\r'):
		return ErrTrailer
	case n >= 2 && c.trailer[n-2] == '\r' && b == '\n' && (n == 2 || n >= 4 && c.trailer[n-4] == '\r' && c.trailer[n-3] == '\n'):
		var h head
		if h.read(c.trailer, 0, inName, trailerKind) != Plain {
			return ErrTrailer
		}
		c.state = chunkDone
	}
	return nil
}

func trailerKind([]byte) kind { return kindPlain }

// AppendTrailer writes the end of the body and, of its trailer, what is allowed, by names as they were written.
func (c *Chunks) AppendTrailer(to []byte, allowed func(name string) bool) []byte {
	to = append(to, "0\r\n"...)
	if len(c.trailer) > 2 {
		var h head
		h.read(c.trailer, 0, inName, trailerKind)
		for _, f := range h.fields[:h.n] {
			if allowed(string(h.raw[f.name:f.colon])) {
				to = h.appendField(to, f)
			}
		}
	}
	return append(to, "\r\n"...)
}
