package logs

import (
	"errors"
	"time"

	"slbtui/engine/fit"
)

// slbtui is our own access log, see docs/serve.md: a JSON object a line, written when a request has ended. Since it tells
// picked_ms and upstream_ms, what went by before the pick or waiting for the client is no service of anybody.
var slbtui = format{
	name: "slbtui", resolution: time.Microsecond,
	advice: "access_log: /var/log/slbtui/access.log",
	parse:  parseSlbtui,
}

func parseSlbtui(line []byte, to []entry) ([]entry, error) {
	var l struct {
		Time      string   `json:"time"`
		Duration  *float64 `json:"duration_ms"`
		Upstream  *string  `json:"upstream"`
		Attempts  int      `json:"attempts"`
		Status    int64    `json:"status"`
		Policy    string   `json:"policy"`
		Cancelled bool     `json:"cancelled"`
		Method    string   `json:"method"`
		Path      string   `json:"path"`
		Picked    *float64 `json:"picked_ms"`
		There     *float64 `json:"upstream_ms"`
	}
	if err := object(line, &l); err != nil {
		return to, err
	}
	if l.Duration == nil || l.Upstream == nil {
		return to, errOther
	}
	at, ok := iso([]byte(l.Time))
	took, fits := span(*l.Duration, time.Millisecond)
	if !ok || !fits {
		return to, errors.New("time or duration_ms is no time")
	}
	e := entry{server: []byte(*l.Upstream), policy: []byte(l.Policy), retried: l.Attempts > 1, upgraded: l.Status == 101}
	e.method, e.path, e.status = []byte(l.Method), []byte(l.Path), l.Status
	from, end := at-took, at
	if l.Picked != nil && l.There != nil {
		picked, ok := span(*l.Picked, time.Millisecond)
		there, fits := span(*l.There, time.Millisecond)
		if !ok || !fits || picked+there > took+time.Millisecond {
			return to, errors.New("picked_ms or upstream_ms is no part of duration_ms")
		}
		from, end = from+picked, from+picked+there
	}
	e.Request = fit.Request{Start: from, End: end, Others: fit.Unknown, Outcome: ended(l.Status)}
	if l.Cancelled {
		e.Outcome = fit.TimedOut
	}
	return append(to, e), nil
}
