package logs

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"slbtui/engine/fit"
)

// caddy is Caddy's JSON log. Which upstream it was stands there only when it is told to log it: in a field upstream,
// or in a header of the answer.
var caddy = format{
	name: "caddy", resolution: time.Microsecond,
	advice: "log\nlog_append upstream {http.reverse_proxy.upstream.hostport}",
	parse:  parseCaddy,
}

func parseCaddy(line []byte, to []entry) ([]entry, error) {
	var l struct {
		TS       json.RawMessage `json:"ts"`
		Duration *float64        `json:"duration"`
		Request  *struct {
			Method string `json:"method"`
			URI    string `json:"uri"`
		} `json:"request"`
		Status   int64               `json:"status"`
		Upstream string              `json:"upstream"`
		Headers  map[string][]string `json:"resp_headers"`
	}
	if err := object(line, &l); err != nil {
		return to, err
	}
	if l.Duration == nil || l.Request == nil || len(l.TS) == 0 {
		return to, errOther
	}
	at, ok := moment(l.TS)
	took, fits := span(*l.Duration, time.Second)
	if !ok || !fits {
		return to, errors.New("ts or duration is no time")
	}
	server := l.Upstream
	if values := l.Headers["X-Upstream"]; server == "" && len(values) > 0 {
		server = values[len(values)-1]
	}
	if strings.HasPrefix(server, "{") { // a placeholder that nothing was put in for: no upstream
		server = ""
	}
	if server == "" && l.Status < 500 {
		return to, errors.New("no upstream: add log_append upstream {http.reverse_proxy.upstream.hostport} to the site (Caddy 2.8 and later)")
	}
	e := entry{server: []byte(server), upgraded: l.Status == 101, method: []byte(l.Request.Method), path: []byte(l.Request.URI), status: l.Status}
	e.Request = fit.Request{Start: at - took, End: at, Others: fit.Unknown, Outcome: ended(l.Status)}
	return append(to, e), nil
}
