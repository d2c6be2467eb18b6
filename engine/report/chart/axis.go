package chart

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
)

const boldWeight = 3 // WeightBold of golang.org/x/image/font

// dress gives a plot its axes and fonts.
func dress(p *plot.Plot, panel Panel) {
	p.Title.Text = panel.Title
	p.Title.TextStyle = writing(9.5, ink, false)
	p.Title.TextStyle.XAlign, p.Title.TextStyle.YAlign = text.XCenter, text.YTop
	p.Title.Padding = vg.Points(4)
	axis(&p.X, panel.X)
	axis(&p.Y, panel.Y)
}

func axis(a *plot.Axis, spec Axis) {
	label, tick := writing(9, ink, false), writing(8, ink, false)
	label.XAlign, label.YAlign = a.Label.TextStyle.XAlign, a.Label.TextStyle.YAlign
	tick.XAlign, tick.YAlign = a.Tick.Label.XAlign, a.Tick.Label.YAlign
	a.Label.Text, a.Label.TextStyle, a.Tick.Label = spec.Label, label, tick
	a.Min, a.Max = spec.place(spec.Min), spec.place(spec.Max)
	a.Color, a.Tick.Color = faint, faint
	a.Padding = vg.Points(2)
	a.Tick.Marker = plot.ConstantTicks(spec.ticks())
	if spec.Names != nil {
		a.Tick.Length = 0
	}
}

// place is where a value stands on the axis as gonum knows it, which is always linear: its
// logarithmic scale gives labels too much room. What lies outside is put on the ends, since a
// logarithmic axis has no place for 0.
func (a Axis) place(v float64) float64 {
	v = min(max(v, a.Min), a.Max)
	if a.Log {
		return math.Log10(v)
	}
	return v
}

// ticks stand at their places.
func (a Axis) ticks() []plot.Tick {
	switch {
	case a.Names != nil:
		return nameTicks(a.Names)
	case !a.Log:
		return linearTicks(a.Min, a.Max, a.Percent)
	}
	out := logTicks(a.Min, a.Max, a.Percent)
	for i := range out {
		out[i].Value = a.place(out[i].Value)
	}
	return out
}

// nameTicks puts the first name on top.
func nameTicks(names []string) []plot.Tick {
	var out []plot.Tick
	for i, name := range names {
		out = append(out, plot.Tick{Value: float64(len(names) - 1 - i), Label: name})
	}
	return out
}

// linearTicks returns at most nine labelled ticks at multiples of 1, 2 or 5 times a power of ten.
func linearTicks(low, high float64, percent bool) []plot.Tick {
	if !(high > low) {
		return nil
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/10)))
	for _, factor := range []float64{1, 2, 5, 10, 20} {
		if (high-low)/(step*factor) <= 8 {
			step *= factor
			break
		}
	}
	var out []plot.Tick
	for n := math.Ceil(low/step - 1e-9); n*step <= high+1e-9*step; n++ {
		v := n*step + 0 // not -0
		out = append(out, plot.Tick{Value: v, Label: tickText(v, percent)})
	}
	return out
}

// logTicks labels powers of ten, and 2 and 5 between them where there is room.
func logTicks(low, high float64, percent bool) []plot.Tick {
	decades := math.Log10(high / low)
	return LogTicks(low, high, func(m int, v float64) string {
		if m == 1 || decades < 2.5 && (m == 2 || m == 5) || decades < 0.8 {
			return tickText(v, percent)
		}
		return ""
	})
}

// LogTicks stand at the nine steps of each decade within low and high, both above 0. Label names the
// step v, m times a power of ten; "" leaves it without.
func LogTicks(low, high float64, label func(m int, v float64) string) []plot.Tick {
	var out []plot.Tick
	for e := math.Floor(math.Log10(low)); e <= math.Ceil(math.Log10(high)); e++ {
		for m := range 9 {
			v := float64(m+1) * math.Pow(10, e)
			if v >= low && v <= high {
				out = append(out, plot.Tick{Value: v, Label: label(m+1, v)})
			}
		}
	}
	return out
}

func tickText(v float64, percent bool) string {
	if percent {
		v *= 100
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}
