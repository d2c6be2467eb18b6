package logs

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// looked is at how many lines a format is told by.
const looked = 20

// detect tells the format of what in is about to give: the one that understands most of the first lines.
func detect(name string, in *bufio.Reader) (format, error) {
	head, err := in.Peek(maxLine / 2)
	if err != nil && len(head) == 0 {
		if err == io.EOF {
			return format{}, fmt.Errorf("%s: the file is empty", name)
		}
		return format{}, fmt.Errorf("%s: %w", name, err)
	}
	lines := bytes.SplitN(head, []byte("\n"), looked+1)
	if len(lines) > 1 && (len(lines) > looked || err == nil) {
		lines = lines[:len(lines)-1] // the last is cut off, or all the rest
	}
	best, most := format{}, 0
	for _, f := range formats() {
		n := 0
		for _, line := range lines {
			if _, err := f.parse(bytes.TrimRight(line, "\r"), nil); err == nil {
				n++
			}
		}
		if n > most {
			best, most = f, n
		}
	}
	if most == 0 {
		return format{}, unknown(name, lines)
	}
	return best, nil
}

// unknown says why no format understands the lines, and what to do.
func unknown(name string, lines [][]byte) error {
	for i, line := range lines {
		for _, f := range formats() {
			if _, err := f.parse(bytes.TrimRight(line, "\r"), nil); err != nil && !errors.Is(err, errOther) {
				return fmt.Errorf("%s:%d: a line of %s, but %w; the balancer should log\n%s", name, i+1, f.name, err, f.advice)
			}
		}
	}
	return fmt.Errorf("%s:1: no format that is known (%s); docs/fit.md has the two lines of configuration for each balancer; --format says which it is",
		name, strings.Join(Names(), ", "))
}
