package simreport

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"slbtui/engine/comparison"
	"slbtui/engine/report/chart"
	"slbtui/engine/simulate"
)

var (
	grey  = color.NRGBA{130, 130, 130, 255}
	faint = color.NRGBA{225, 225, 225, 255}
)

// look is how a policy is drawn, in every picture the same: dashes and shapes say again what colours do.
type look struct {
	draw.LineStyle
	shape draw.GlyphDrawer
}

func newLook(c color.Color, width vg.Length, shape draw.GlyphDrawer, dashes ...vg.Length) look {
	return look{draw.LineStyle{Color: c, Width: vg.Points(width.Points()), Dashes: dashes}, shape}
}

var looks = map[string]look{
	"q_factored":               newLook(chart.Vermillion, 2.4, draw.CircleGlyph{}),
	"q_learning":               newLook(chart.Purple, 1.6, draw.PyramidGlyph{}),
	"peak_ewma_full":           newLook(chart.Blue, 1.6, draw.SquareGlyph{}),
	"least_request":            newLook(chart.Green, 1.6, draw.BoxGlyph{}, 6, 2),
	"p2c":                      newLook(chart.SkyBlue, 1.6, draw.TriangleGlyph{}, 2, 2),
	"prequal":                  newLook(chart.Orange, 1.6, draw.CrossGlyph{}, 8, 2, 2, 2),
	"round_robin":              newLook(grey, 1.6, draw.PlusGlyph{}, 4, 3),
	simulate.SocialClairvoyant: newLook(chart.Black, 1.2, draw.RingGlyph{}, 1, 2),
}

// others are the looks of policies not named above, in turn.
var others = []look{
	newLook(chart.Orange, 1.6, draw.RingGlyph{}), newLook(chart.SkyBlue, 1.6, draw.PyramidGlyph{}),
	newLook(chart.Green, 1.6, draw.CrossGlyph{}), newLook(chart.Purple, 1.6, draw.BoxGlyph{}, 6, 2),
}

// preferred is what a picture shows when there are more policies than can be told apart.
var preferred = []string{"q_factored", "q_learning", "peak_ewma_full", "least_request", "prequal", "round_robin", simulate.SocialClairvoyant}

const mostShown = 7

// shown picks from the rows those a picture has room for.
func shown(rows []comparison.Row) []*comparison.Row {
	var out []*comparison.Row
	for i := range rows {
		if len(rows) <= mostShown || slices.Contains(preferred, rows[i].Policy) {
			out = append(out, &rows[i])
		}
	}
	return out
}

// lookOf is the look of a policy; at is its place in the picture.
func lookOf(policy string, at int) look {
	if l, ok := looks[policy]; ok {
		return l
	}
	return others[at%len(others)]
}
