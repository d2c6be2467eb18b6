package cmd

import (
	"fmt"
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"slbtui/engine/experiment"
	"slbtui/engine/printable"
)

// linePeriod is the time between two lines of progress where there is no terminal for a bar.
const linePeriod = 10 * time.Second

// experimentProgress shows how far an experiment has come: a bar on a terminal, lines elsewhere.
type experimentProgress struct {
	w     io.Writer
	bar   *progressbar.ProgressBar // nil without a terminal
	run   int                      // of the last line
	shown time.Time
}

func newProgress(w io.Writer, plan experiment.Plan) *experimentProgress {
	p := &experimentProgress{w: w}
	if isTerminal(w) {
		p.bar = progressbar.NewOptions(1, progressbar.OptionSetWriter(w), progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(false), progressbar.OptionSetWidth(20), progressbar.OptionClearOnFinish())
		return p
	}
	_, _ = fmt.Fprintf(w, "%s, repetitions: %d, seed %d\n", printable.Line(plan.Scenario.Name), plan.Repetitions, plan.Seed)
	return p
}

func (p *experimentProgress) update(now experiment.Progress) {
	text := fmt.Sprintf("%d/%d %s, repetition %d of %d, %s left, p95 %.0f ms",
		now.Run, now.Runs, now.Policy, now.Repetition, now.Repetitions, now.Left.Round(time.Second), now.P95MS)
	if now.Failed > 0 {
		text += fmt.Sprintf(", %d failed", now.Failed)
	}
	if p.bar != nil { // a bar that cannot be drawn is no failure
		p.bar.ChangeMax(max(now.Total, now.Done, 1) + 1) // it goes away when it is full, which is finish's business
		p.bar.Describe(text)
		_ = p.bar.Set(now.Done)
		return
	}
	if now.Run != p.run || time.Since(p.shown) >= linePeriod {
		p.run, p.shown = now.Run, time.Now()
		_, _ = fmt.Fprintln(p.w, text)
	}
}

func (p *experimentProgress) finish() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
