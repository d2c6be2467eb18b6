package logs

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"slbtui/engine/fit"
)

// entry is an attempt at a server, as a line tells it. Its names are valid until the next line is read.
type entry struct {
	fit.Request
	pool, server []byte // no server: nobody got the request
	policy       []byte
	retried      bool // and of its attempts this is the last, the others are not told
	upgraded     bool
}

// format is one way to write a log down.
type format struct {
	name       string
	resolution time.Duration
	advice     string // the configuration that makes the log usable
	// parse appends the attempts of a line. Durations that the balancer cut off are half a unit longer.
	parse func(line []byte, to []entry) ([]entry, error)
}

// formats, the more particular first: of two that understand as many lines the first is taken.
func formats() []format {
	return []format{haproxy, slbtui, caddy, envoy, traefik, alb, nginx, ingress, nginxSeconds}
}

// Names lists the formats that Read knows.
func Names() (names []string) {
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

func named(name string) (format, error) {
	all := formats()
	i := slices.IndexFunc(all, func(f format) bool { return f.name == name })
	if i < 0 {
		return format{}, fmt.Errorf("%.40q is no format of a log (%s)", name, strings.Join(Names(), ", "))
	}
	return all[i], nil
}

// errOther is the problem with a line that is of another format altogether.
var errOther = errors.New("not a line of this format")

// cutOff is by how much a duration in whole ms is too short on average.
const cutOff = time.Millisecond / 2

// ended tells the outcome from a status.
func ended(status int64) fit.Outcome {
	switch {
	case status == 408 || status == 499 || status == 504:
		return fit.TimedOut
	case status >= 500 || status == 0:
		return fit.Failed
	}
	return fit.OK
}
