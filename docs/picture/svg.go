package main

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"slbtui/tui/cast"
)

// The terminal that is drawn.
const (
	background, foreground = "#15181c", "#d5d9de"

	cellW, cellH, pad = 8, 17, 12 // pixels
	fontSize          = 13.3      // at which usual fonts have that width
	baseline          = 13        // below the top of a cell
	hold              = 4         // frames that the last one is seen longer: it is where the story ends
)

// svg draws the shots of a film of so many frames. Those seen in the same frames are a group, which one
// animation shows and hides; without motion that of the still is seen.
func svg(size cast.Size, shots []shot, frames, still int, every time.Duration) string {
	var groups []string // the frames that they are seen in, each once
	members := map[string][]shot{}
	for _, s := range shots {
		when := fmt.Sprint(s.frames)
		if members[when] == nil {
			groups = append(groups, when)
		}
		members[when] = append(members[when], s)
	}
	looks := map[look]string{}
	var body, rules strings.Builder
	for i, when := range groups {
		seen := members[when][0].frames
		always := len(seen) == frames
		if !always {
			name := "f" + short(i)
			rules.WriteString(animation(name, seen, frames, slices.Contains(seen, still)))
			fmt.Fprintf(&body, "<g class=%q>", name)
		}
		for _, s := range members[when] {
			body.WriteString(s.draw(looks, &rules))
		}
		if !always {
			body.WriteString("</g>")
		}
		body.WriteString("\n")
	}
	width, height := size.Cols*cellW+2*pad, size.Rows*cellH+2*pad
	length := (time.Duration(frames+hold) * every).Seconds()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="%g" fill="%s">`+"\n", width, height, fontSize, foreground)
	fmt.Fprintf(&b, "<style>text{white-space:pre}@media(prefers-reduced-motion:no-preference){g g{animation:%gs step-end infinite}}\n%s</style>\n", length, rules.String())
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/><g transform="translate(%d %d)">`+"\n%s</g></svg>\n", background, pad, pad, body.String())
	return b.String()
}

// animation is the rule for a group that is seen in those frames.
func animation(name string, seen []int, frames int, still bool) string {
	var steps strings.Builder
	shown := false
	for i := range frames {
		if now := slices.Contains(seen, i); now != shown || i == 0 {
			state := "hidden"
			if now {
				state = "visible"
			}
			percent := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", 100*float64(i)/float64(frames+hold)), "0"), ".")
			fmt.Fprintf(&steps, "%s%%{visibility:%s}", percent, state)
			shown = now
		}
	}
	hidden := "visibility:hidden;"
	if still {
		hidden = ""
	}
	return fmt.Sprintf(".%s{%sanimation-name:%s!important}@keyframes %s{%s}\n", name, hidden, name, name, steps.String())
}

// draw draws a piece; looks that are new get a rule.
func (s shot) draw(looks map[look]string, rules *strings.Builder) string {
	var b strings.Builder
	top := s.y * cellH
	if s.look.bg != "" {
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`, s.x*cellW, top, s.width*cellW, cellH, s.look.bg)
	}
	if strings.TrimSpace(s.text) == "" {
		return b.String()
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d"`, s.x*cellW, top+baseline)
	if class := s.look.class(looks, rules); class != "" {
		fmt.Fprintf(&b, " class=%q", class)
	}
	if n := utf8.RuneCountInString(s.text); n > 4 || n < len(s.text) {
		fmt.Fprintf(&b, ` textLength="%d"`, s.width*cellW) // keeps the columns straight whatever font is found
	}
	fmt.Fprintf(&b, ">%s</text>", html.EscapeString(s.text))
	return b.String()
}

// class is the name of the rule of a look's letters, "" where they are as all are.
func (l look) class(looks map[look]string, rules *strings.Builder) string {
	l.bg = ""
	if l == (look{}) {
		return ""
	}
	if name, ok := looks[l]; ok {
		return name
	}
	name := "l" + short(len(looks))
	looks[l] = name
	fmt.Fprintf(rules, ".%s{", name)
	if l.fg != "" {
		fmt.Fprintf(rules, "fill:%s;", l.fg)
	}
	if l.bold {
		rules.WriteString("font-weight:bold;")
	}
	if l.faint {
		rules.WriteString("opacity:.6;")
	}
	if l.underline {
		rules.WriteString("text-decoration:underline;")
	}
	rules.WriteString("}\n")
	return name
}

// short is a number in few letters.
func short(n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	s := string(letters[n%len(letters)])
	for n /= len(letters); n > 0; n /= len(letters) {
		s += string(letters[n%len(letters)])
	}
	return s
}
