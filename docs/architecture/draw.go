package main

import (
	"fmt"
	"html"
	"strings"
)

// Sizes in pixels.
const (
	width     = 1000
	margin    = 16
	gap       = 16
	floorGap  = 44
	rowHeight = 19
	headRoom  = 46
	footRoom  = 10
)

const style = `
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #1f2328 }
.room { fill: #f6f8fa; stroke: #8c959f } .name { font-weight: 700; font-size: 14px } .about { fill: #59636e; font-size: 11px }
.arrow { fill: none; stroke: #0969da; stroke-width: 1.4; marker-end: url(#tip); opacity: .75 } .tip { fill: #0969da }
@media (prefers-color-scheme: dark) {
  .ground { fill: #0d1117 } text { fill: #e6edf3 } .room { fill: #161b22; stroke: #6e7681 } .about { fill: #9198a1 }
  .arrow { stroke: #58a6ff } .tip { fill: #58a6ff }
}`

// place is where a room stands.
type place struct{ x, y, w, h float64 }

// draw returns the SVG: a band of rooms a floor, and an arrow from each room to those it may import, less those that
// other arrows imply.
func (h *house) draw() string {
	places, height := h.places()
	var out strings.Builder
	printf := func(format string, args ...any) { _, _ = fmt.Fprintf(&out, format, args...) } // a Builder never fails
	printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %.0f" role="img" aria-label="The packages of slbtui and who imports whom">`+"\n", width, height)
	printf("<style>%s\n</style>\n", style)
	printf(`<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>` + "\n")
	printf(`<rect class="ground" width="%d" height="%.0f" fill="#ffffff"/>`+"\n", width, height)
	for _, rooms := range h.floors {
		for _, r := range rooms {
			p := places[r.name]
			printf(`<rect class="room" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="6"/>`+"\n", p.x, p.y, p.w, p.h)
			printf(`<text class="name" x="%.1f" y="%.1f">%s</text>`+"\n", p.x+10, p.y+20, html.EscapeString(r.name))
			printf(`<text class="about" x="%.1f" y="%.1f">%s</text>`+"\n", p.x+10, p.y+35, html.EscapeString(r.about))
			for i, b := range r.boxes {
				y := p.y + headRoom + rowHeight*float64(i) + 12
				printf(`<text x="%.1f" y="%.1f">%s <tspan class="about">%s</tspan></text>`+"\n", p.x+10, y, html.EscapeString(b.path), html.EscapeString(b.about))
			}
		}
	}
	h.drawArrows(printf, places)
	printf("</svg>\n")
	return out.String()
}

// places lays the floors out, each as high as its highest room; rooms share the width by their longest line.
func (h *house) places() (map[string]place, float64) {
	places := map[string]place{}
	y := float64(margin)
	for _, rooms := range h.floors {
		weights, sum, height := make([]float64, len(rooms)), 0.0, 0.0
		for i, r := range rooms {
			weights[i] = float64(len(r.about)) * 6.7
			for _, b := range r.boxes {
				weights[i] = max(weights[i], float64(len(b.path))*7.3+float64(len(b.about))*6.7)
			}
			sum += weights[i]
			height = max(height, headRoom+rowHeight*float64(len(r.boxes))+footRoom)
		}
		x, free := float64(margin), float64(width-2*margin-gap*(len(rooms)-1))
		for i, r := range rooms {
			w := free * weights[i] / sum
			places[r.name] = place{x, y, w, height}
			x += w + gap
		}
		y += height + floorGap
	}
	return places, y - floorGap + margin
}

// drawArrows spreads the ends of arrows along the edges that they leave and reach, so that none hides another.
func (h *house) drawArrows(printf func(string, ...any), places map[string]place) {
	leaving, reaching := map[string]int{}, map[string]int{}
	arrows := h.direct()
	for _, a := range arrows {
		leaving[a.from]++
		reaching[a.to]++
	}
	left, reached := map[string]int{}, map[string]int{}
	for _, a := range arrows {
		from, to := places[a.from], places[a.to]
		left[a.from]++
		reached[a.to]++
		out := float64(left[a.from]) / float64(leaving[a.from]+1)
		in := float64(reached[a.to]) / float64(reaching[a.to]+1)
		if from.y == to.y { // side by side
			x1, x2 := from.x+from.w, to.x
			if to.x < from.x {
				x1, x2 = from.x, to.x+to.w
			}
			y := from.y + from.h*0.5
			printf(`<path class="arrow" d="M%.1f %.1fL%.1f %.1f"><title>%s imports %s</title></path>`+"\n", x1, y, x2, y, a.from, a.to)
			continue
		}
		x1, y1, x2, y2 := from.x+from.w*out, from.y+from.h, to.x+to.w*in, to.y
		bend := min(40, (y2-y1)/2)
		printf(`<path class="arrow" d="M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f"><title>%s imports %s</title></path>`+"\n",
			x1, y1, x1, y1+bend, x2, y2-bend, x2, y2, a.from, a.to)
	}
}
