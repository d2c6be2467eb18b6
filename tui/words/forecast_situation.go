package words

import (
	"fmt"
	"strings"
	"time"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// Situation says what was predicted from, as sentences.
func (f *Forecast) Situation(s *live.Snapshot) []string {
	var out []string
	if f.Past != nil {
		out = append(out, f.past()...)
	} else if f.Horizon > 0 {
		out = append(out, f.future(s.At)...)
	}
	if s.Load.Lagging {
		out = append(out, "The machine is too busy: what is live is slower than it should be, and no comparison.")
	}
	for _, a := range f.Assumed {
		out = append(out, "Assumed: "+a+".")
	}
	if f.Past == nil && f.Warmup > 0 {
		out = append(out, fmt.Sprintf("Assumed: each policy has routed for %s before, with the faults of now; the queues are its own.", Horizon(f.Warmup)))
	}
	return append(out, f.starts()...)
}

// future says which situation was looked at.
func (f *Forecast) future(now time.Duration) []string {
	text := fmt.Sprintf("The %s after %s, %s ago, at %s requests/s", Horizon(f.Horizon), format.Clock(f.At), format.Seconds(now-f.At), format.Rate(f.Rate))
	if f.Runs > 1 {
		text += fmt.Sprintf("; %d runs put together", f.Runs)
	}
	out := []string{text + "."}
	if len(f.Faults) == 0 {
		out = append(out, "No faults now: press w while one lasts to see what each policy makes of it.")
	}
	for _, fault := range f.Faults {
		out = append(out, "Now: "+fault+".")
	}
	return out
}

// past says which minutes were looked at, and how the servers are known.
func (f *Forecast) past() []string {
	p := f.Past
	out := []string{fmt.Sprintf("From %s to %s: %s requests (%s/s), routed by %s, given to each policy when they came.",
		format.Clock(p.From), format.Clock(p.From+f.Horizon), format.Count(uint64(max(p.Requests, 0))), format.Rate(f.Rate), strings.Join(p.Routed, ", then "))}
	for _, fault := range f.Faults {
		out = append(out, "Then: "+fault+".")
	}
	switch {
	case f.Total == 0 && f.State == live.WhatIfDone:
		out = append([]string{"Nothing is predicted: what was found of the servers does not reproduce these minutes."}, out...)
	case p.Grade == "" && f.Total > 0:
		out = append(out, "The servers are simulated: what they are like and what they suffered is known.")
	case p.Grade != "":
		out = append(out, "The servers were fitted to their answers, trust "+p.Grade+": "+trust[p.Grade]+".")
	}
	for i, reason := range p.Reasons {
		if i == mostReasons {
			out = append(out, fmt.Sprintf("%s: and %d more.", p.Grade, len(p.Reasons)-i))
			break
		}
		out = append(out, p.Grade+": "+reason+".")
	}
	return out
}

// mostReasons are told: with many servers each may have one.
const mostReasons = 5

// trust is what the grades of a fit mean.
var trust = map[string]string{
	"A": "the model reproduces these minutes, and nothing that matters is unknown",
	"B": "something is not known, so that the intervals are wide",
	"C": "a check failed",
}

// starts says what the learners knew.
func (f *Forecast) starts() []string {
	var out []string
	for _, kind := range []struct{ start, text string }{
		{"copied", "Learners began with a copy of what they know now" + f.hindsight() + ": "},
		{"empty", "Learners that began empty, their tables being too large to copy: "},
	} {
		names := ""
		for i := range f.Rows {
			if string(f.Rows[i].Start) == kind.start {
				if names != "" {
					names += ", "
				}
				names += f.Rows[i].Policy
			}
		}
		if names != "" {
			out = append(out, kind.text+names+".")
		}
	}
	return out
}

// hindsight says of learners what they should not know.
func (f *Forecast) hindsight() string {
	if f.Past != nil {
		return ", so that they have seen these minutes"
	}
	return ""
}
