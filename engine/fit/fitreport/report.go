// Package fitreport says what was fitted to a log: as one JSON object, and as text whose first sentence is the
// answer. Each is a function of an io.Writer and a Report, and equal reports give equal bytes.
package fitreport

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"slbtui/engine/fit"
	"slbtui/engine/stats"
)

// Report is what a log tells, and how that is known.
type Report struct {
	Findings
	began  time.Time
	why    string // who routed is known
	check  fit.Check
	forced bool
	notes  []string

	pictures []fit.View         // by policy
	curves   [][]fit.Likelihood // by server
}

// Findings are what a log tells, with names as JSON. Programs of others read these.
type Findings struct {
	Format        string    `json:"format"`
	Requests      int       `json:"requests"` // that were fitted
	Seconds       float64   `json:"seconds"`
	NotUnderstood int       `json:"not_understood"` // lines
	RoutedBy      string    `json:"routed_by"`      // a policy of ours that does the same, or unknown
	Grade         fit.Grade `json:"grade"`
	Reasons       []string  `json:"reasons"` // for what is not A; empty at A
	Discipline    string    `json:"discipline"`
	Servers       []Server  `json:"servers"`
	Policies      []Policy  `json:"policies"` // the logged one first; empty at grade C, unless forced
}

// Server is one that the log names, in the order of their addresses.
type Server struct {
	ID          string   `json:"id"`
	Requests    int      `json:"requests"`
	ServiceMS   float64  `json:"service_ms"`
	Sigma       float64  `json:"sigma"`
	Slots       int      `json:"slots"` // 0 where unknown
	SlotsLow    int      `json:"slots_low"`
	SlotsHigh   int      `json:"slots_high"` // 0 where nothing bounds them
	QueuedShare float64  `json:"queued_share"`
	Periods     []Period `json:"periods"`
}

// Period is when a server was not as usual. Times are since the first request.
type Period struct {
	Kind   fit.Kind `json:"kind"`
	FromS  float64  `json:"from_s"`
	ToS    float64  `json:"to_s"`
	Factor float64  `json:"factor"` // on the service time (slow), or the share that failed (failing)
}

// Policy is what one would have made of the log's requests, or made (logged).
type Policy struct {
	Policy    string     `json:"policy"`
	Logged    bool       `json:"logged"`
	MeanMS    float64    `json:"mean_ms"`
	P50MS     float64    `json:"p50_ms"`
	P95MS     float64    `json:"p95_ms"`
	P99MS     float64    `json:"p99_ms"`
	ErrorRate float64    `json:"error_rate"`
	MeanRange [2]float64 `json:"mean_range"`
	P99Range  [2]float64 `json:"p99_range"`
	How       string     `json:"how"`
}

// New puts a report together. Rows are the predictions, nil where there are none; forced says that they are there
// though a check failed; notes are what was done to the log.
func New(m *fit.Model, c fit.Check, g fit.Grade, reasons []string, rows []fit.Prediction, notes []string) Report {
	r := Report{
		Findings: Findings{
			Format: m.Log.Format, Requests: len(m.Log.Requests), Seconds: m.Length.Seconds(), NotUnderstood: m.Log.NotUnderstood,
			RoutedBy: m.Routed.Policy, Grade: g, Reasons: append([]string{}, reasons...), Discipline: string(m.Discipline),
			Servers: []Server{}, Policies: []Policy{},
		},
		began: time.Unix(0, int64(m.Log.Requests[0].Start)).UTC(), why: m.Routed.Why, check: c, forced: g == fit.C && len(rows) > 0, notes: notes,
	}
	for _, s := range m.Servers {
		v := Server{
			ID: s.ID, Requests: s.Requests, ServiceMS: s.ServiceMS, Sigma: s.Sigma,
			Slots: s.Known(), SlotsLow: s.Low, SlotsHigh: s.High, QueuedShare: s.QueuedShare, Periods: []Period{},
		}
		for _, p := range s.Periods {
			v.Periods = append(v.Periods, Period{Kind: p.Kind, FromS: p.From.Seconds(), ToS: p.To.Seconds(), Factor: p.Factor})
		}
		r.Servers, r.curves = append(r.Servers, v), append(r.curves, s.Curve)
	}
	if n := len(m.Log.Requests); n > fit.MostResampled && len(rows) > 0 {
		r.notes = append(r.notes, fmt.Sprintf("intervals are worked out on the busiest %d of the %d requests", fit.MostResampled, n))
	}
	for _, p := range rows {
		row := Policy{
			Policy: p.Policy, Logged: p.Logged, MeanMS: p.MeanMS, P50MS: p.P50MS, P95MS: p.P95MS, P99MS: p.P99MS, ErrorRate: p.ErrorRate,
			MeanRange: orPoint(p.MeanRange, p.MeanMS), P99Range: orPoint(p.P99Range, p.P99MS),
		}
		if !p.Logged {
			row.How = how(m.Log.Format, p.Policy)
		}
		if p.Requests < rows[0].Requests {
			r.notes = append(r.notes, fmt.Sprintf("%s thinks too long about a request to be predicted on all: its numbers are of the busiest %d, of which the log has a mean of %.1f ms and a p99 of %.1f",
				p.Policy, p.Requests, p.LoggedMeanMS, p.LoggedP99MS))
		}
		r.Policies, r.pictures = append(r.Policies, row), append(r.pictures, p.View)
	}
	return r
}

// orPoint is a range, or that of a number which is known.
func orPoint(i stats.Interval, point float64) [2]float64 {
	if i.Known() {
		return i
	}
	return [2]float64{point, point}
}

// WriteJSON writes the findings as one object.
func WriteJSON(w io.Writer, r Report) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	if err := out.Encode(r.Findings); err != nil {
		return fmt.Errorf("write the report as JSON: %w", err)
	}
	return nil
}
