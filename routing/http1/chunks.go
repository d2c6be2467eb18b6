package http1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
	"net/textproto"
	"strconv"
)

var (
	errChunk      = errors.New("the response's chunked encoding is malformed")
	errChunkWaste = errors.New("the response's chunked encoding is mostly overhead")
	errTrailer    = errors.New("the response's trailer is cut short, malformed or longer than 4 KiB")
)

// chunks is a chunked body (RFC 9112, section 7.1), as strict as net/http's, whose Read waits for the whole
// of a chunk: this one hands on what there is of it.
type chunks struct {
	r     *bufio.Reader
	res   *http.Response // gets the trailer
	left  int64          // of the chunk
	begun bool           // a chunk has been read: its line end is due
	waste int            // bytes that brought no data, beyond what is fair
	err   error          // stays
}

func (b *chunks) Read(p []byte) (int, error) {
	if b.left == 0 && b.err == nil {
		b.err = b.next()
	}
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	b.err = cutShort(err)
	return n, b.err
}

// Close leaves the connection to its owner.
func (b *chunks) Close() error { return nil }

// next reads up to the data of the next chunk. It is io.EOF behind the last.
func (b *chunks) next() error {
	if b.begun {
		if end, err := b.r.Peek(2); err != nil {
			return cutShort(err)
		} else if string(end) != "\r\n" {
			return errChunk
		}
		_, _ = b.r.Discard(2) // it is there
	}
	b.begun = true
	line, err := b.r.ReadSlice('\n')
	if err != nil {
		return cutShort(err)
	}
	if b.left, err = chunkSize(line); err != nil {
		return err
	}
	// A byte a chunk is fair: five bytes for one. Extensions that never end are not.
	b.waste = max(0, b.waste+len(line)-16-2*int(min(b.left, math.MaxInt32)))
	switch {
	case b.waste > 16<<10:
		return errChunkWaste
	case b.left == 0:
		return b.trailer()
	}
	return nil
}

// chunkSize is that of a line, whose extensions nobody knows.
func chunkSize(line []byte) (int64, error) {
	line, ended := bytes.CutSuffix(line, []byte("\r\n"))
	if !ended || bytes.IndexByte(line, '\r') >= 0 {
		return 0, errChunk // a bare CR or LF ends a line for some readers, and not for others
	}
	digits, _, _ := bytes.Cut(bytes.TrimRight(line, " \t"), []byte(";"))
	if len(digits) > 16 || bytes.IndexByte(digits, '-') >= 0 || bytes.IndexByte(digits, '+') >= 0 {
		return 0, errChunk
	}
	n, err := strconv.ParseInt(string(digits), 16, 64)
	if err != nil {
		return 0, errChunk
	}
	return n, nil
}

// trailer reads what follows the last chunk, and ends the body.
func (b *chunks) trailer() error {
	for n := 2; ; n++ {
		seen, err := b.r.Peek(n)
		switch {
		case err != nil:
			return errTrailer
		case n == 2 && string(seen) == "\r\n":
			_, _ = b.r.Discard(2)
			return io.EOF
		case bytes.HasSuffix(seen, []byte("\r\n\r\n")):
			header, err := textproto.NewReader(b.r).ReadMIMEHeader()
			if err != nil {
				return errTrailer
			}
			b.add(http.Header(header))
			return io.EOF
		}
	}
}

func (b *chunks) add(trailer http.Header) {
	if b.res.Trailer == nil {
		b.res.Trailer = trailer
		return
	}
	for name, values := range trailer {
		b.res.Trailer[name] = values
	}
}

// cutShort makes the end of a connection what it is within a body.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
