package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"slbtui/engine/fit"
	"slbtui/engine/fit/logs"
)

// model reads the log, leaves out what was not asked for, and fits the rest. Notes say what was done to it.
func (f fitFlags) model(cmd *cobra.Command, paths []string) (*fit.Model, []string, error) {
	l, err := f.read(cmd, paths)
	if err != nil {
		return nil, nil, err
	}
	notes := notesOf(l)
	all := len(l.Requests)
	from, err1 := moment("--from", f.from, l)
	to, err2 := moment("--to", f.to, l)
	if err := errors.Join(err1, err2); err != nil {
		return nil, nil, err
	}
	l, late := l.WithoutEnd()
	if late > 0 {
		notes = append(notes, fmt.Sprintf("the last %d requests are left out: others of their time may not have ended when the log did", late))
	}
	l = l.Between(from, to).Busiest(f.busiest, fit.MostFitted)
	if len(l.Requests) == 0 {
		return nil, nil, fmt.Errorf("none of the %d requests of the log is of that time", all)
	}
	if n := len(l.Requests); n+late < all {
		notes = append(notes, fmt.Sprintf("of its %d requests these are the %d asked for, or the busiest", all, n))
	}
	if all > 10*fit.MostFitted { // the rest is not needed any more, and would let as much garbage gather
		debug.FreeOSMemory()
	}
	m, err := fit.Knowing(l, f.given(cmd))
	return m, notes, err
}

// given is what the flags know better than the log.
func (f fitFlags) given(cmd *cobra.Command) fit.Given {
	g := fit.Given{Routed: f.routedBy, Patience: f.timeout}
	if f.discipline != disciplineAuto {
		g.Discipline = fit.Discipline(f.discipline)
	}
	if cmd.Flags().Changed("rtt") {
		delay := time.Duration(f.rtt * float64(time.Millisecond))
		g.Delay = &delay
	}
	return g
}

func (f fitFlags) read(cmd *cobra.Command, paths []string) (*fit.Log, error) {
	text, err := formatString(f.formatString)
	if err != nil {
		return nil, err
	}
	bar := readingBar(cmd.ErrOrStderr(), paths)
	var files []logs.File
	for _, path := range paths {
		if path == "-" {
			files = append(files, logs.File{Name: "standard input", Reader: cmd.InOrStdin()})
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer func() { _ = file.Close() }() // it was only read
		files = append(files, logs.File{Name: path, Reader: bar(file)})
	}
	l, err := logs.Read(files, logs.Options{Format: f.format, String: text, Pool: f.pool, Keep: f.keep, Longest: f.longest, Balancer: f.balancerOf})
	if err == nil && f.anonymous {
		for i := range l.Servers {
			l.Servers[i] = fmt.Sprintf("server%d", i+1)
		}
		l.OtherPools = nil
	}
	return l, err
}

// maxConf is how large a balancer's configuration may be, in bytes.
const maxConf = 4 << 20

// formatString is the format string itself, or that of a name in an nginx.conf: @FILE:NAME.
func formatString(text string) (string, error) {
	at, ok := strings.CutPrefix(text, "@")
	if !ok {
		return text, nil
	}
	i := strings.LastIndexByte(at, ':')
	if i < 1 {
		return "", fmt.Errorf("--log-format %q: want @FILE:NAME, such as @/etc/nginx/nginx.conf:timed", text)
	}
	file, err := os.Open(at[:i])
	if err != nil {
		return "", fmt.Errorf("--log-format: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	conf, err := io.ReadAll(io.LimitReader(file, maxConf+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("--log-format: %w", err)
	case len(conf) > maxConf:
		return "", fmt.Errorf("--log-format: %s has more than %d MiB: is it an nginx.conf?", at[:i], maxConf>>20)
	}
	text, err = logs.NginxFormat(conf, at[i+1:])
	if err != nil {
		return "", fmt.Errorf("--log-format: %s: %w", at[:i], err)
	}
	return text, nil
}

// readingBar draws a bar of the bytes read, where there is a terminal to draw on and every file has a size.
func readingBar(w io.Writer, paths []string) func(io.Reader) io.Reader {
	var size int64
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return func(r io.Reader) io.Reader { return r }
		}
		size += info.Size()
	}
	if !isTerminal(w) {
		return func(r io.Reader) io.Reader { return r }
	}
	bar := progressbar.NewOptions64(size, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription("reading"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
	return func(r io.Reader) io.Reader { return io.TeeReader(r, bar) }
}

// notesOf says what of a log is not in its requests.
func notesOf(l *fit.Log) (notes []string) {
	say := func(n int, format string, args ...any) {
		if n > 0 {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	say(l.NotUnderstood, "%d lines are not understood, the first is %s", l.NotUnderstood, l.FirstProblem)
	say(l.Unserved, "%d requests were given to no server", l.Unserved)
	say(l.Upgraded, "%d connections that became something else (websockets) or took longer than --longest are left out", l.Upgraded)
	say(l.Filtered, "%d requests that were not asked for are left out (--path, --status, --method)", l.Filtered)
	say(len(l.OtherPools), "other pools in the log: %s (--pool)", strings.Join(l.OtherPools, ", "))
	return notes
}

// moment reads a time; one without a day is of the log's first.
func moment(flag, text string, l *fit.Log) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t, nil
	}
	for _, layout := range []string{time.TimeOnly, "15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			day := time.Unix(0, int64(l.Requests[0].Start)).UTC().Truncate(24 * time.Hour)
			return day.Add(t.Sub(t.Truncate(24 * time.Hour))), nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q: want a time such as 09:30, 09:30:15 or 2026-11-27T09:30:00Z", flag, text)
}
