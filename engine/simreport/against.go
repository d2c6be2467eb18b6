package simreport

import (
	"fmt"
	"io"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"slbtui/engine/comparison"
	"slbtui/engine/report/chart"
	"slbtui/engine/simulate"
)

// measure is what is compared with the best classical policy.
type measure struct {
	name string
	of   func(*comparison.Row) comparison.Paired
}

var (
	againstP99  = measure{"p99", func(r *comparison.Row) comparison.Paired { return r.P99 }}
	againstMean = measure{"mean", func(r *comparison.Row) comparison.Paired { return r.Mean }}
)

// The axis ends here, in percent; what lies beyond is drawn at the edge with its number.
const (
	lowestPercent  = -60.0
	highestPercent = 60.0
)

// failsMore is by how much a policy's error rate may exceed the baseline's before the picture says so.
const failsMore = 0.005

// drawAgainst draws each policy's difference to the baseline, a line for each scenario, with its
// 95 % interval over the seeds. The baseline itself is the zero line.
func drawAgainst(w io.Writer, r comparison.Report, m measure) error {
	p := newPanel(fmt.Sprintf("%s against the best classical policy of each scenario: left of 0 is better", m.name),
		fmt.Sprintf("difference in %s on the same traces, %% (bars: 95 %% interval over the seeds)", m.name), "")
	f := newFigure(p)
	f.height = vg.Centimeter * vg.Length(3.2+1.0*float64(len(r.Comparisons)))
	names := againstPolicies(r)
	var ticks plot.ConstantTicks
	for i := range r.Comparisons {
		ticks = append(ticks, plot.Tick{Value: -float64(i), Label: r.Comparisons[i].Scenario.Name})
	}
	p.Y.Tick.Marker = ticks
	zero, err := line(p, plotter.XYs{{X: 0, Y: 0.6}, {X: 0, Y: -float64(len(r.Comparisons)) + 0.4}}, newLook(chart.Black, 1, nil))
	if err != nil {
		return err
	}
	for k, policy := range names {
		offset := 0.3 - 0.6*(float64(k)+0.5)/float64(len(names))
		column := highestPercent/2 + float64(k%3)*13
		points, bars, notes := againstPoints(r, m, policy, offset, column)
		if err := addAgainst(f, p, policy, lookOf(policy, k), points, bars, notes); err != nil {
			return err
		}
	}
	f.legend.Add("best classical", zero)
	p.X.Min, p.X.Max = lowestPercent-2, highestPercent+14
	p.Y.Min, p.Y.Max = -float64(len(r.Comparisons))+0.4, 0.6
	return f.write(w)
}

// againstPolicies are all of few, or the best learner, two classical ones and what knowledge could
// reach.
func againstPolicies(r comparison.Report) []string {
	var names []string
	if len(r.Comparisons) == 0 {
		return nil
	}
	rows := r.Comparisons[0].Rows
	for i := range rows {
		switch policy := rows[i].Policy; {
		case len(rows) <= 4, policy == "q_factored", policy == "least_request", policy == "peak_ewma_full", policy == simulate.SocialClairvoyant:
			names = append(names, policy)
		}
	}
	return names
}

// againstPoints returns a policy's points, offset from the scenario's line, with their intervals, and
// notes: how much it fails, in a column of its own, or how far outside the picture it is.
func againstPoints(r comparison.Report, m measure, policy string, offset, column float64) (plotter.XYs, plotter.XErrors, plotter.XYLabels) {
	var points plotter.XYs
	var bars plotter.XErrors
	var notes plotter.XYLabels
	for i := range r.Comparisons {
		row := r.Comparisons[i].Row(policy)
		if row == nil {
			continue
		}
		d := m.of(row)
		if d.Baseline == "" || d.Baseline == policy || d.BaseMS <= 0 {
			continue
		}
		at := plotter.XY{X: d.Percent, Y: -float64(i) + offset}
		low, high := 100*d.CI[0]/d.BaseMS, 100*d.CI[1]/d.BaseMS
		if base := r.Comparisons[i].Row(d.Baseline); base != nil && row.All.ErrorRate > base.All.ErrorRate+failsMore {
			notes.XYs = append(notes.XYs, plotter.XY{X: column, Y: -float64(i)})
			notes.Labels = append(notes.Labels, fmt.Sprintf("fails %.0f %%", 100*row.All.ErrorRate))
		} else if d.Percent > highestPercent {
			notes.XYs = append(notes.XYs, plotter.XY{X: highestPercent + 2, Y: at.Y})
			notes.Labels = append(notes.Labels, "+"+strconv.FormatFloat(d.Percent, 'f', 0, 64)+" %")
		}
		if at.X = max(at.X, lowestPercent); at.X > highestPercent {
			at.X, low, high = highestPercent, highestPercent, highestPercent
		}
		points = append(points, at)
		bars = append(bars, struct{ Low, High float64 }{max(0, at.X-max(low, lowestPercent)), max(0, min(high, highestPercent)-at.X)})
	}
	return points, bars, notes
}

func addAgainst(f *figure, p *plot.Plot, policy string, l look, points plotter.XYs, bars plotter.XErrors, notes plotter.XYLabels) error {
	if len(points) == 0 {
		return nil
	}
	intervals, err := plotter.NewXErrorBars(struct {
		plotter.XYs
		plotter.XErrors
	}{points, bars})
	if err != nil {
		return fmt.Errorf("intervals of %s: %w", policy, err)
	}
	intervals.Color, intervals.CapWidth = l.Color, vg.Points(3)
	dots, err := plotter.NewScatter(points)
	if err != nil {
		return err
	}
	dots.GlyphStyle = draw.GlyphStyle{Color: l.Color, Radius: vg.Points(2.8), Shape: l.shape}
	p.Add(intervals, dots)
	if len(notes.Labels) > 0 {
		labels, err := plotter.NewLabels(notes)
		if err != nil {
			return err
		}
		for i := range labels.TextStyle {
			labels.TextStyle[i].Font.Size = 7.5
			labels.TextStyle[i].Color = l.Color
			labels.TextStyle[i].YAlign = draw.YCenter
		}
		p.Add(labels)
	}
	f.legend.Add(policy, dots)
	return nil
}
