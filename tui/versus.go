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
	number := 8
	if w < 44 {
		number = 6
	}
	name := min(max(w-1-4*number, 6), 24)
	head := " " + left("phase", name, "")
	for _, title := range []string{"mean", "p95", "p99", "n"} {
		head += right(title, number)
	}
	lines := []string{t.dim.on(head), m.phaseRow("RR", rr, name, number), m.phaseRow("RL", rl, name, number)}
	if rr == nil || rl == nil || rr.Summary.MeanMS <= 0 || rl.Summary.MeanMS <= 0 {
		return append(lines, "")
	}
	from, to := &rr.Summary, &rl.Summary
	return append(lines, " "+t.dim.on(left("change", name, ""))+
		t.change(from.MeanMS, to.MeanMS, number)+t.change(from.P95MS, to.P95MS, number)+t.change(from.P99MS, to.P99MS, number))
}

// change writes by how much a latency grew; falling is good.
func (t *theme) change(from, to float64, w int) string {
	if from <= 0 || to <= 0 {
		return right("-", w)
	}
	style := t.warn
	if to <= from {
		style = t.good
	}
	return style.on(right(fmt.Sprintf("%+.0f%%", (to/from-1)*100), w))
}

// phaseRow is one phase; the phase of now carries the cursor.
func (m *Model) phaseRow(label string, p *metrics.Phase, name, number int) string {
	t := &m.theme
	if p == nil {
		return " " + t.bold.on(label) + t.dim.on(" has not routed yet: press t")
	}
	lead, style := " ", t.plain
	if p.Number == m.snap.Phases[len(m.snap.Phases)-1].Number {
		lead, style = t.title.on(t.glyphs.cursor), t.title
	}
	if p.WarmStart {
		label += " warm"
	}
	if p.Learner && name > 14 {
		label += " " + p.Policy
	}
	s := &p.Summary
	return lead + style.on(left(label, name, "")) + right(millis(s.MeanMS), number) + right(millis(s.P95MS), number) +
		right(millis(s.P99MS), number) + t.dim.on(right(count(s.Requests), number))
}

func lastPhase(phases []metrics.Phase, is func(*metrics.Phase) bool) *metrics.Phase {
	for i := len(phases) - 1; i >= 0; i-- {
		if is(&phases[i]) {
			return &phases[i]
		}
	}
	return nil
}
