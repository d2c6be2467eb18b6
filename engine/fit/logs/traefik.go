package logs

import (
	"errors"
	"time"

	"slbtui/engine/fit"
)

// traefik is Traefik's JSON log. Its own work, Overhead, comes before the server's.
var traefik = format{
	name: "traefik", family: "traefik", resolution: time.Microsecond,
	advice: "accessLog:\n  format: json",
	parse:  parseTraefik,
}

func parseTraefik(line []byte, to []entry) ([]entry, error) {
	var l struct {
		Start    string   `json:"StartUTC"`
		Overhead float64  `json:"Overhead"`
		Origin   *float64 `json:"OriginDuration"`
		Total    *float64 `json:"Duration"`
		Address  string   `json:"ServiceAddr"`
		Service  string   `json:"ServiceName"`
		Answer   *int64   `json:"OriginStatus"`
		Status   int64    `json:"DownstreamStatus"`
		Retries  int      `json:"RetryAttempts"`
		Method   string   `json:"RequestMethod"`
		Path     string   `json:"RequestPath"`
	}
	if err := object(line, &l); err != nil {
		return to, err
	}
	if l.Start == "" || l.Total == nil {
		return to, errOther
	}
	at, ok := iso([]byte(l.Start))
	before, fits1 := span(l.Overhead, time.Nanosecond)
	e := entry{pool: []byte(l.Service), server: host([]byte(l.Address)), retried: l.Retries > 0, upgraded: l.Status == 101}
	e.method, e.path, e.status = []byte(l.Method), []byte(l.Path), l.Status
	took := *l.Total
	if l.Origin != nil {
		took = *l.Origin
	} else {
		before, e.server = 0, nil
	}
	origin, fits2 := span(took, time.Nanosecond)
	if !ok || !fits1 || !fits2 {
		return to, errors.New("StartUTC, Overhead or OriginDuration is no time")
	}
	status := l.Status
	if l.Answer != nil && *l.Answer != 0 {
		status = *l.Answer
	}
	e.Request = fit.Request{Start: at + before, End: at + before + origin, Others: fit.Unknown, Outcome: ended(status)}
	return append(to, e), nil
}
