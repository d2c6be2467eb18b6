package hostile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// arrived is a request as the upstream read it.
type arrived struct {
	target string
	head   string // request line and headers
	body   string
	cut    bool // given up before its end: nobody will act on it
}

var (
	requestLine = regexp.MustCompile(`^([!#$%&'*+.^_` + "`" + `|~0-9A-Za-z-]+) ([^\x00-\x20\x7f]+) HTTP/1\.1$`)
	headerLine  = regexp.MustCompile(`^([!#$%&'*+.^_` + "`" + `|~0-9A-Za-z-]+): ?([^\x00-\x08\x0a-\x1f\x7f]*)$`)
	chunkLine   = regexp.MustCompile(`^[0-9a-fA-F]{1,8}$`)
	length      = regexp.MustCompile(`^[0-9]{1,12}$`)
)

// readStrict reads one request as the strictest of servers would: whatever could be read in two
// ways is an error. io.EOF means that there is no further request.
func readStrict(r *bufio.Reader) (arrived, error) {
	var a arrived
	line, err := readLine(r)
	if err != nil {
		return a, err
	}
	m := requestLine.FindStringSubmatch(line)
	if m == nil {
		return a, fmt.Errorf("request line %.80q", line)
	}
	a.target, a.head = m[2], line+"\r\n"
	lengths, encodings, hosts, err := a.readHeaders(r)
	switch {
	case err != nil:
		return a, err
	case hosts != 1:
		return a, fmt.Errorf("%d Host headers", hosts)
	case len(lengths) > 1, len(encodings) > 1, len(lengths) > 0 && len(encodings) > 0:
		return a, fmt.Errorf("Content-Length %q and Transfer-Encoding %q", lengths, encodings)
	case len(encodings) == 1 && encodings[0] != "chunked":
		return a, fmt.Errorf("Transfer-Encoding %q", encodings[0])
	case len(encodings) == 1:
		return a, a.readChunks(r)
	case len(lengths) == 1:
		return a, a.readBody(r, lengths[0])
	}
	return a, nil
}

func (a *arrived) readHeaders(r *bufio.Reader) (lengths, encodings []string, hosts int, err error) {
	for {
		line, err := readLine(r)
		if err != nil {
			return nil, nil, 0, noEOF(err)
		}
		if line == "" {
			return lengths, encodings, hosts, nil
		}
		m := headerLine.FindStringSubmatch(line)
		if m == nil {
			return nil, nil, 0, fmt.Errorf("header line %.80q", line)
		}
		a.head += line + "\r\n"
		switch strings.NewReplacer("_", "-", ".", "-").Replace(strings.ToLower(m[1])) {
		case "content-length":
			lengths = append(lengths, m[2])
		case "transfer-encoding":
			encodings = append(encodings, m[2])
		case "host":
			hosts++
		}
	}
}

func (a *arrived) readBody(r io.Reader, text string) error {
	if !length.MatchString(text) {
		return fmt.Errorf("Content-Length %q", text)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	body := make([]byte, n)
	got, err := io.ReadFull(r, body)
	a.body = string(body[:got])
	return noEOF(err)
}

func (a *arrived) readChunks(r *bufio.Reader) error {
	for {
		line, err := readLine(r)
		if err != nil {
			return noEOF(err)
		}
		if !chunkLine.MatchString(line) {
			return fmt.Errorf("chunk line %.80q", line)
		}
		n, err := strconv.ParseInt(line, 16, 64)
		if err != nil {
			return err
		}
		if n == 0 {
			_, encodings, hosts, err := a.readHeaders(r) // the trailer
			if err == nil && len(encodings)+hosts > 0 {
				err = errors.New("framing in the trailer")
			}
			return err
		}
		if err := a.readBody(r, strconv.FormatInt(n, 10)); err != nil {
			return err
		}
		if line, err := readLine(r); err != nil || line != "" {
			return fmt.Errorf("behind a chunk: %.80q, %w", line, noEOF(err))
		}
	}
}

// readLine reads up to CRLF. A CR or LF by itself is part of the line, and so an error later on.
func readLine(r *bufio.Reader) (string, error) {
	var line strings.Builder
	for {
		b, err := r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && line.Len() > 0:
			return "", errCutShort
		case err != nil:
			return "", err
		}
		line.WriteByte(b)
		if s := line.String(); b == '\n' && strings.HasSuffix(s, "\r\n") {
			return strings.TrimSuffix(s, "\r\n"), nil
		}
	}
}

// errCutShort is a connection that ended within a request: a proxy that gives up says so like this.
var errCutShort = errors.New("the connection ended within a request")

func noEOF(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errCutShort
	}
	return err
}
