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
	method, path []byte // what was asked for and the status it got: they are filtered by, and never kept
	status       int64
	firstByte    time.Duration // from Start until the answer began; HAProxy's only
	termination  byte          // who ended the session, HAProxy's only
	held         bool          // it waited in the balancer first
	retried      bool          // and of its attempts this is the last, the others are not told
	upgraded     bool
}

// format is one way to write a log down.
type format struct {
	name       string
	family     string // what else it is called: the balancer that writes several; "" where it writes one
	resolution time.Duration
	advice     string // the configuration that makes the log usable
	// parse appends the attempts of a line. Durations that the balancer cut off are half a unit longer.
	parse func(line []byte, to []entry) ([]entry, error)
	// spread deals the requests of each second out over it; nil where stamps are finer.
	spread func([]fit.Request)
}

// formats, the more particular first: of two that understand as many lines the first is taken.
func formats() []format {
	return []format{haproxy, slbtui, caddy, envoy, traefik, alb, nginx, ingress, nginxSeconds, traefikCLF}
}

// Auto is the name of no format: it is found out.
const Auto = "auto"

// Names lists the formats that Read knows.
func Names() (names []string) {
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// named are the formats that a name stands for: all of a balancer's for its own, all for "" and Auto.
func named(name string) ([]format, error) {
	all := formats()
	if name == "" || name == Auto {
		return all, nil
	}
	all = slices.DeleteFunc(all, func(f format) bool { return f.name != name && f.family != name })
	if len(all) == 0 {
		return nil, fmt.Errorf("%.40q is no format of a log (%s)", name, strings.Join(Names(), ", "))
	}
	return all, nil
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
