package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"
)

const (
	csvBuffer = 32 << 10        // bytes kept before they are written
	csvPause  = 1 * time.Second // time after which the next row writes them all the same
)

var csvHeader = []string{
	"request_id", "timestamp", "routing_strategy", "selected_server", "response_time_ms", "status_code", "success",
	"intended_ms", "phase", "repetition", "in_flight",
}

// RequestWriter writes requests as CSV while they happen. Its memory does not grow with their
// number. It hands on whole lines only, after 32 KiB or a second, so that what it wrote before the
// process was killed can be read. After an error it writes nothing more and keeps returning that
// error. Not safe for concurrent use.
type RequestWriter struct {
	w       io.Writer
	buf     bytes.Buffer
	rows    *csv.Writer
	fields  []string
	flushed time.Time
	err     error
}

// NewRequestWriter writes the header to w and returns a writer of rows.
func NewRequestWriter(w io.Writer) (*RequestWriter, error) {
	r := &RequestWriter{w: w, fields: make([]string, len(csvHeader))}
	r.rows = csv.NewWriter(&r.buf)
	if err := r.rows.Write(csvHeader); err != nil {
		return nil, err
	}
	return r, r.Flush()
}

// Write adds a row. Latencies have a resolution of one microsecond.
func (r *RequestWriter) Write(q Request) error {
	if r.err != nil {
		return r.err
	}
	copy(r.fields, []string{
		strconv.FormatUint(q.ID, 10),
		q.At.Format("2006-01-02T15:04:05.000000Z07:00"),
		q.Policy,
		q.Server,
		milliseconds(q.Latency),
		strconv.Itoa(q.Status),
		strconv.FormatBool(q.Success),
		milliseconds(q.Intended),
		q.Part,
		strconv.Itoa(q.Repetition),
		strconv.Itoa(q.InFlight),
	})
	if err := r.rows.Write(r.fields); err != nil {
		return r.fail(err)
	}
	r.rows.Flush()
	if r.buf.Len() >= csvBuffer || time.Since(r.flushed) >= csvPause {
		return r.Flush()
	}
	return nil
}

// Flush writes the rows that are still kept.
func (r *RequestWriter) Flush() error {
	if r.err != nil {
		return r.err
	}
	r.rows.Flush()
	r.flushed = time.Now()
	if _, err := r.buf.WriteTo(r.w); err != nil {
		return r.fail(err)
	}
	return nil
}

func (r *RequestWriter) fail(err error) error {
	r.err = fmt.Errorf("write requests as CSV: %w", err)
	return r.err
}

func milliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 3, 64)
}
