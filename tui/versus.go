package tui

import (
	"fmt"

	"slbtui/engine/metrics"
)

// versus is the table that answers the console's question: what did RL change? It compares the
// last phase of round robin with the last phase of a learner.
func (m *Model) versus(w int) []string {
	t := &m.theme
	rr := lastPhase(m.snap.Phases, func(p *metrics.Phase) bool { return p.Policy == "round_robin" })
	rl := lastPhase(m.snap.Phases, func(p *metrics.Phase) bool { return p.Learner })
	name := min(max(w-29, 7), 20)
	head := t.dim.on(" " + left("phase", name, "") + right("mean", 7) + right("p95", 7) + right("p99", 7) + right("n", 7))
	lines := []string{head, m.phaseRow("RR", rr, name, "round robin: press t"), m.phaseRow("RL", rl, name, "not yet: press t")}
	if rr == nil || rl == nil || rr.Summary.MeanMS <= 0 || rl.Summary.MeanMS <= 0 {
		return append(lines, "")
	}
	change := func(from, to float64) string {
		if from <= 0 || to <= 0 {
			return right("-", 7)
		}
		style := t.warn
		if to <= from {
			style = t.good
		}
		return style.on(right(fmt.Sprintf("%+.0f%%", (to/from-1)*100), 7))
	}
	return append(lines, " "+t.dim.on(left("RL vs RR", name, ""))+change(rr.Summary.MeanMS, rl.Summary.MeanMS)+
		change(rr.Summary.P95MS, rl.Summary.P95MS)+change(rr.Summary.P99MS, rl.Summary.P99MS))
}

func (m *Model) phaseRow(label string, p *metrics.Phase, name int, none string) string {
	t := &m.theme
	if p == nil {
		return " " + t.bold.on(label) + " " + t.dim.on(none)
	}
	style, full := t.plain, label
	if p.Learner {
		full += " " + p.Policy
		if p.WarmStart {
			full = label + " warm " + p.Policy
		}
	}
	if p.Number == m.snap.Phases[len(m.snap.Phases)-1].Number {
		style = t.title
		if name > 10 {
			full = label + " now" + full[len(label):]
		}
	}
	s := p.Summary
	return " " + style.on(left(full, name, t.glyphs.ellipsis)) + right(millis(s.MeanMS), 7) + right(millis(s.P95MS), 7) + right(millis(s.P99MS), 7) + t.dim.on(right(count(s.Requests), 7))
}

func lastPhase(phases []metrics.Phase, is func(*metrics.Phase) bool) *metrics.Phase {
	for i := len(phases) - 1; i >= 0; i-- {
		if is(&phases[i]) {
			return &phases[i]
		}
	}
	return nil
}
