package pane

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/engine/metrics"
	"slbtui/tui/box"
	"slbtui/tui/format"
	"slbtui/tui/theme"
	"slbtui/tui/words"
)

// Versus is the table that answers the console's question: what did RL change? It compares the
// last phase of round robin with the last phase of a learner, or of another policy that routed since, in
// lines of w cells.
func Versus(s *box.Sight, w int) []string {
	t := s.Theme
	rr := lastPhase(s.Snap.Phases, func(p *metrics.Phase) bool { return p.Policy == live.Baseline })
	rl := lastPhase(s.Snap.Phases, func(p *metrics.Phase) bool { return p.Policy != live.Baseline })
	v := versusTable{spans: words.FaultSpans(s.Snap.Events, s.Snap.At), number: 8, last: "n"}
	if w < 44 {
		v.number = 6
	}
	if rr != nil && words.FaultTime(v.spans, rr) > 0 || rl != nil && words.FaultTime(v.spans, rl) > 0 {
		v.last, v.width = "fault", max(v.number, min(w-7-4*v.number, 14))
	} else {
		v.width = v.number
	}
	v.name = min(max(w-1-3*v.number-v.width, 6), 24)
	head := " " + format.Left("phase", v.name, "")
	for _, title := range []string{"mean", "p95", "p99"} {
		head += format.Right(title, v.number)
	}
	lines := []string{t.Dim.On(head + format.Right(v.last, v.width)), phaseRow(s, "RR", rr, &v), phaseRow(s, besideRR(rl), rl, &v)}
	if rr == nil || rl == nil || rr.Summary.MeanMS <= 0 || rl.Summary.MeanMS <= 0 {
		return append(lines, "")
	}
	if why, what := incomparable(v.spans, rr, rl); why != "" {
		fair := "w compares policies on equal terms"
		if what != "" && ansi.StringWidth(why+what)+19 <= w {
			why += t.Dim.On(": " + what)
		}
		if w < 44 {
			fair = "w: policies on equal terms"
		}
		return append(lines, " "+t.Warn.On("not comparable: "+why), " "+t.Dim.On(fair))
	}
	from, to := &rr.Summary, &rl.Summary
	change := " " + t.Dim.On(format.Left("change", v.name, "")) +
		change(t, from.MeanMS, to.MeanMS, v.number) + change(t, from.P95MS, to.P95MS, v.number) + change(t, from.P99MS, to.P99MS, v.number)
	return append(lines, change, interval(s, rr, rl, w))
}

// incomparable says why the numbers of two phases are not to be set against each other, and how they differ; "" where
// they may be.
func incomparable(spans []words.Span, rr, rl *metrics.Phase) (why, how string) {
	for _, p := range []*metrics.Phase{rr, rl} {
		if p.StoodStill > 0 {
			return fmt.Sprintf("%s stood still for %s", nameOf(p), format.Seconds(p.StoodStill)), ""
		}
	}
	a, b := rateOf(rr), rateOf(rl)
	switch {
	case unlike(spans, rr, rl):
		return "faults differ", ""
	case max(a, b) > 1.25*min(a, b):
		return "load differs", fmt.Sprintf("RR %.0f, %s %.0f/s", a, besideRR(rl), b)
	}
	return "", ""
}

// nameOf is what a phase is called in the comparison.
func nameOf(p *metrics.Phase) string {
	if p.Policy == live.Baseline {
		return "RR"
	}
	return besideRR(p)
}

// besideRR is what the phase that is compared with round robin's is called.
func besideRR(p *metrics.Phase) string {
	if p != nil && !p.Learner {
		return p.Policy
	}
	return "RL"
}

// interval says what chance leaves open of the change of the mean.
func interval(s *box.Sight, rr, rl *metrics.Phase, w int) string {
	t, d := s.Theme, s.Snap.Versus
	if d == nil || d.From != rr.Number || d.To != rl.Number {
		return ""
	}
	what, chance, early := "95%: mean ", "perhaps chance", "95%: too early to tell"
	if w < 44 {
		what, chance, early = "95%: ", "chance?", "too early"
	}
	if !d.Known() {
		return " " + t.Dim.On(early+lacking(rr, rl))
	}
	text := " " + t.Dim.On(what) + signed(d.LowMS) + t.Dim.On(" to ") + signed(d.HighMS) + " ms"
	if d.Chance() {
		text += " " + t.Warn.On(chance)
	}
	return text
}

// rateOf is a phase's mean rate of answers, in requests a second.
func rateOf(p *metrics.Phase) float64 {
	return float64(p.Summary.Requests) / max(1, (p.End-p.Start).Seconds())
}

// enough is how long a phase has to last before its interval is known: EnoughBatches of 5 s, and a
// second until the last is closed.
const enough = (5*metrics.EnoughBatches + 1) * time.Second

// lacking names the shorter phase, if it is too short, and how much of it there is.
func lacking(rr, rl *metrics.Phase) string {
	name, p := "RR", rr
	if rl.End-rl.Start < rr.End-rr.Start {
		name, p = besideRR(rl), rl
	}
	if has := p.End - p.Start; has < enough {
		return fmt.Sprintf(", %s has %d of %d s", name, int(has.Seconds()), int(enough.Seconds()))
	}
	return ""
}

// signed writes a difference: -62, +3.4.
func signed(v float64) string {
	if v = format.Finite(v); math.Abs(v) < 9.95 {
		return fmt.Sprintf("%+.1f", v)
	}
	return fmt.Sprintf("%+.0f", v)
}

// versusTable says what the rows of the comparison have in common. Where faults were injected, the
// last column says for how much of each phase: a comparison of unlike situations is none.
type versusTable struct {
	spans               []words.Span
	name, number, width int // of the columns
	last                string
}

// unlike tells whether the phases' shares of time with faults differ by more than a tenth.
func unlike(spans []words.Span, a, b *metrics.Phase) bool {
	share := func(p *metrics.Phase) float64 {
		return float64(words.FaultTime(spans, p)) / max(1, float64(p.End-p.Start))
	}
	return math.Abs(share(a)-share(b)) > 0.1
}

// change writes by how much a latency grew; falling is good.
func change(t *theme.Theme, from, to float64, w int) string {
	if format.Finite(from) <= 0 || format.Finite(to) <= 0 {
		return format.Right("-", w)
	}
	style := t.Warn
	if to <= from {
		style = t.Good
	}
	text := fmt.Sprintf("%+.0f%%", (to/from-1)*100)
	if len(text) >= w {
		text = words.Relation(to, from)
	}
	return style.On(format.Right(text, w))
}

// phaseRow is one phase; the phase of now carries the cursor.
func phaseRow(s *box.Sight, label string, p *metrics.Phase, v *versusTable) string {
	t := s.Theme
	if p == nil && s.Snap.Steering != nil { // another balancer routes, for good
		return ""
	}
	if p == nil {
		return " " + t.Bold.On(label) + t.Dim.On(" has not routed yet"+s.UnlessReadOnly(": press t"))
	}
	lead, style := " ", t.Plain
	if p.Number == s.Snap.Phases[len(s.Snap.Phases)-1].Number {
		lead, style = t.Bold.On(t.Glyphs.Cursor), t.Bold
	}
	if p.WarmStart {
		label += " warm"
	}
	if p.Learner && v.name > 14 {
		label += " " + p.Policy
	}
	sum := &p.Summary
	last := format.Count(sum.Requests)
	if v.last == "fault" {
		of := " of "
		if v.width < 14 {
			of = "/"
		}
		last = strconv.Itoa(int(words.FaultTime(v.spans, p).Seconds())) + of + strconv.Itoa(int((p.End - p.Start).Seconds())) + " s"
		if v.width < 10 {
			last = strings.TrimSuffix(last, " s")
		}
	}
	return lead + style.On(format.Left(label, v.name, "")) + format.Right(format.MillisIn(sum.MeanMS, v.number-1), v.number) + format.Right(format.MillisIn(sum.P95MS, v.number-1), v.number) +
		format.Right(format.MillisIn(sum.P99MS, v.number-1), v.number) + t.Dim.On(format.Right(last, v.width))
}

func lastPhase(phases []metrics.Phase, is func(*metrics.Phase) bool) *metrics.Phase {
	for i := len(phases) - 1; i >= 0; i-- {
		if is(&phases[i]) {
			return &phases[i]
		}
	}
	return nil
}
