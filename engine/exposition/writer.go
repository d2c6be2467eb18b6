// Package exposition writes metrics in the Prometheus text format, version 0.0.4, and counts
// requests in histograms for it. It knows neither HTTP nor the engine, and starts no goroutine.
package exposition

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"strings"
)

// ContentType is that of what a Writer writes.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// Label is a name and a value. Names must be [a-zA-Z_][a-zA-Z0-9_]*; values may be anything.
type Label struct{ Name, Value string }

// Writer writes one family of samples after another. The first error sticks; Flush returns it.
type Writer struct{ w *bufio.Writer }

// NewWriter writes to w, buffered: end with Flush.
func NewWriter(w io.Writer) *Writer { return &Writer{bufio.NewWriter(w)} }

// Flush writes out what is buffered.
func (w *Writer) Flush() error { return w.w.Flush() }

// Family begins the samples of one name. kind is "counter", "gauge" or "histogram".
func (w *Writer) Family(name, kind, help string) {
	w.text("# HELP ", name, " ", strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(help), "\n")
	w.text("# TYPE ", name, " ", kind, "\n")
}

// Sample writes one value of the family begun last.
func (w *Writer) Sample(name string, value float64, labels ...Label) {
	w.text(name)
	for i, l := range labels {
		before := ","
		if i == 0 {
			before = "{"
		}
		w.text(before, l.Name, `="`, escape.Replace(l.Value), `"`)
	}
	if len(labels) > 0 {
		w.text("}")
	}
	w.text(" ", number(value), "\n")
}

var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64) // NaN is "NaN" in both
}

func (w *Writer) text(parts ...string) {
	for _, p := range parts {
		_, _ = w.w.WriteString(p) // Flush returns the error
	}
}
