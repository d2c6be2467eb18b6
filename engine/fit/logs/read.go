package logs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"time"

	"slbtui/engine/fit"
	"slbtui/engine/printable"
)

// Limits of what is read.
const (
	maxLine     = 1 << 20        // bytes
	maxRequests = 10_000_000     // 32 bytes of memory each
	maxServers  = 1000           // beyond it the field is hardly one of servers
	longest     = 24 * time.Hour // that a request may take
	patience    = 10_000         // lines not understood before most have to be
)

// File is one to read. Name is for errors.
type File struct {
	Name string
	io.Reader
}

// Options say what of the files is wanted.
type Options struct {
	Format string // "" finds out
	String string // of nginx's log_format or HAProxy's log-format, instead of a format
	Pool   string // of several groups of servers; "" takes the largest
	Keep   Filter
	// Longest is how long a request may take: what takes longer, such as a stream or a websocket, is left out. 0 is a day.
	Longest time.Duration
	// Balancer tells files of several balancers apart, by a name made of {file}, its name without the ending of a rotation,
	// and {folder}. "" is one balancer, unless files are of the same time: then each is of one.
	Balancer string
}

// Read reads the files of one balancer, packed by gzip or not, in any order. Its errors name the file, and the line
// where there is one.
func Read(files []File, o Options) (*fit.Log, error) {
	r := reading{options: o, problem: "", servers: map[string]int32{}}
	var err error
	if r.keeps, err = newKeeper(o.Keep); err == nil {
		r.among, err = named(o.Format)
	}
	if err != nil {
		return nil, err
	}
	switch {
	case o.String != "":
		r.format, err = formatOf(o.String)
	case len(r.among) == 1:
		r.format = r.among[0]
	}
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := r.file(f); err != nil {
			return nil, err
		}
	}
	return r.log()
}

// reading is a log being read.
type reading struct {
	options   Options
	keeps     keeper
	among     []format // those it may be
	format    format   // without a parse until it is known
	requests  store
	servers   map[string]int32 // by pool and server
	names     []placed
	extents   []extent // by file
	balancer  uint16   // of the file that is read
	balancers []string

	understood, not             int
	problem                     string
	unserved, upgraded, retried int
	filtered, held              int
	policy                      string
	policies                    int // how many lines in a row named another

	entries []entry
	key     []byte
}

// placed is a server and what it belongs to.
type placed struct {
	pool, id string
	requests int
}

type extent struct{ first, last time.Duration }

func (r *reading) file(f File) error {
	in := bufio.NewReaderSize(f.Reader, maxLine)
	if magic, _ := in.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return fmt.Errorf("%s: looks packed by gzip, and is not: %w", f.Name, err)
		}
		in = bufio.NewReaderSize(unpacked, maxLine)
	}
	if r.format.parse == nil {
		var err error
		if r.format, err = detect(f.Name, in, r.among); err != nil {
			return err
		}
	}
	if err := r.begin(f.Name); err != nil {
		return err
	}
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		if len(line) > 0 && err == nil || err == io.EOF && len(line) > 0 {
			if wrong := r.line(f.Name, n, bytes.TrimRight(line, "\r\n")); wrong != nil {
				return wrong
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("%s:%d: the line is longer than %d MiB: is it an access log?", f.Name, n, maxLine>>20)
		case err != nil:
			return fmt.Errorf("%s:%d: %w: the file is damaged or cut off", f.Name, n, err)
		}
	}
}

// line takes in what a line tells. Its error ends the reading: it is about the whole log.
func (r *reading) line(file string, n int, line []byte) error {
	if len(line) == 0 || line[0] == '#' {
		return nil
	}
	var err error
	r.entries, err = r.format.parse(line, r.entries[:0])
	for _, e := range r.entries {
		if err == nil && (e.Start <= 0 || e.End < e.Start || e.Took() > longest) {
			err = fmt.Errorf("from %v for %v is no time of a request", time.Unix(0, int64(e.Start)).UTC(), e.Took())
		}
	}
	if err != nil {
		if r.not++; r.problem == "" {
			r.problem = fmt.Sprintf("%s:%d: %v", file, n, err)
		}
		if r.not > patience && r.not > r.understood {
			return r.hopeless()
		}
		return nil
	}
	r.understood++
	for i := range r.entries {
		if err := r.keep(&r.entries[i]); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	return nil
}

func (r *reading) keep(e *entry) error {
	switch {
	case len(e.server) == 0:
		r.unserved++
		return nil
	case e.upgraded || r.options.Longest > 0 && e.Took() > r.options.Longest:
		r.upgraded++
		return nil
	case !r.keeps.keeps(e):
		r.filtered++
		return nil
	case e.retried:
		r.retried++
	}
	if e.held {
		r.held++
	}
	if len(e.policy) > 0 && string(e.policy) != r.policy {
		r.policy = string(e.policy)
		r.policies++
	}
	r.key = append(append(append(r.key[:0], e.pool...), 0), e.server...)
	i, known := r.servers[string(r.key)]
	if !known {
		if len(r.names) == maxServers {
			return fmt.Errorf("more than %d servers: is %.60q one?", maxServers, e.server)
		}
		i = int32(len(r.names))
		r.servers[string(r.key)] = i
		r.names = append(r.names, placed{pool: printable.Line(string(e.pool)), id: printable.Line(string(e.server))})
	}
	if r.requests.len() == maxRequests {
		return fmt.Errorf("more than %d requests: give a part of the log", maxRequests)
	}
	r.names[i].requests++
	x := &r.extents[len(r.extents)-1]
	if x.first == 0 || e.End < x.first {
		x.first = e.End
	}
	x.last = max(x.last, e.End)
	e.Server, e.Balancer = i, r.balancer
	r.requests.add(e.Request)
	return nil
}

// hopeless is the error of a log that is hardly one.
func (r *reading) hopeless() error {
	return fmt.Errorf("%s (%d of %d lines are not understood as %s); the balancer should log\n%s",
		printable.Line(r.problem), r.not, r.not+r.understood, r.format.name, r.format.advice)
}
