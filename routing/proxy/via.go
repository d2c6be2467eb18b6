package proxy

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
)

// via is a balancer's name in the Via header of the requests that it passes on (RFC 9110, section 7.6.3).
// A request that bears it already goes round in a circle. Another balancer's name means nothing: two in a
// row are no circle.
type via struct {
	name  string
	lines [3][]string // as the header has them, by the protocol that a request came with; only to be read
}

// NewName makes up a balancer's name, one that nobody else has.
func NewName() string { return fmt.Sprintf("slbtui-%016x", rand.Uint64()) }

func newVia(name string) via {
	v := via{name: name}
	for i, protocol := range [...]string{"1.0", "1.1", "2.0"} {
		v.lines[i] = []string{protocol + " " + name}
	}
	return v
}

// passed tells whether r has been here before.
func (v *via) passed(r *http.Request) bool {
	for _, line := range r.Header["Via"] {
		if strings.Contains(line, v.name) {
			return true
		}
	}
	return false
}

// sign puts the name behind those of the proxies before us.
func (v *via) sign(h http.Header, r *http.Request) {
	line := v.lines[1]
	switch {
	case r.ProtoMajor == 2:
		line = v.lines[2]
	case !r.ProtoAtLeast(1, 1):
		line = v.lines[0]
	}
	if before := h["Via"]; len(before) > 0 {
		line = []string{strings.Join(before, ", ") + ", " + line[0]}
	}
	h["Via"] = line
}
