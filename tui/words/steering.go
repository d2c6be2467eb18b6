package words

import (
	"fmt"

	"slbtui/engine/live"
	"slbtui/tui/format"
)

// SteeredBy says whether weights are set, and how.
func SteeredBy(st *live.Steering) string {
	switch st.By {
	case "socket":
		return "weights are set by HAProxy's socket"
	case "agent":
		return "weights are answers to agent checks"
	}
	return "nothing is set: these weights would be"
}

// SteeredShort says so in a word or two.
func SteeredShort(st *live.Steering) string {
	if st.By == "" {
		return "would set"
	}
	return "weights"
}

// Steered says why a server gets what it gets.
func Steered(v *live.SteeredServer) string {
	text := format.Printable(v.Why)
	if text == "" {
		text = "no request of it yet"
	}
	if v.MaxConn > 0 {
		text += fmt.Sprintf("; maxconn %d", v.MaxConn)
	}
	return text
}

// Steering lists what servers get, a line each.
func Steering(st *live.Steering) []string {
	lines := []string{SteeredBy(st)}
	if st.Problem != "" {
		lines = append(lines, format.Printable(st.Problem))
	}
	for i := range st.Servers {
		v := &st.Servers[i]
		has, gets := "", "is left as it is"
		if v.Has >= 0 {
			has = fmt.Sprintf(" has weight %d and", v.Has)
		}
		if v.Weight >= 0 {
			gets = fmt.Sprintf("gets %d", v.Weight)
		}
		lines = append(lines, fmt.Sprintf("%s%s %s: %s", format.Printable(v.ID), has, gets, Steered(v)))
	}
	return lines
}
