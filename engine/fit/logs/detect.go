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
func detect(name string, in *bufio.Reader, among []format) (format, error) {
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
	for _, f := range among {
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
	if len(bytes.TrimSpace(bytes.Join(lines, nil))) == 0 {
		return format{}, fmt.Errorf("%s: there is no line in the log", name)
	}
	if most == 0 {
		return format{}, unknown(name, lines, among)
	}
	return best, nil
}

// unknown says why no format understands the lines, and what to do.
func unknown(name string, lines [][]byte, among []format) error {
	for i, line := range lines {
		for _, f := range among {
			if _, err := f.parse(bytes.TrimRight(line, "\r"), nil); err != nil && !errors.Is(err, errOther) {
				return fmt.Errorf("%s:%d: a line of %s, but %w; the balancer should log\n%s", name, i+1, f.name, err, f.advice)
			}
		}
	}
	if len(among) < len(formats()) {
		return fmt.Errorf("%s:1: not a line of %s; the balancer should log\n%s", name, among[0].name, among[0].advice)
	}
	return fmt.Errorf("%s:1: no format that is known (%s); docs/fit.md has the two lines of configuration for each balancer; --format says which it is, --log-format takes the balancer's own format string",
		name, strings.Join(Names(), ", "))
}
