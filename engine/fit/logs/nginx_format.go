package logs

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"slbtui/engine/fit"
)

// The values of nginx that are looked at.
const (
	nginxMsec = iota
	nginxISO
	nginxLocal
	nginxTook
	nginxAddress
	nginxTimes
	nginxStatuses
	nginxStatus
	nginxRequest
	nginxMethod
	nginxPath
	nginxPool
	nginxValues
)

var nginxVariables = map[string]int{
	"msec": nginxMsec, "time_iso8601": nginxISO, "time_local": nginxLocal, "request_time": nginxTook,
	"upstream_addr": nginxAddress, "upstream_response_time": nginxTimes, "upstream_status": nginxStatuses,
	"status": nginxStatus, "request": nginxRequest, "request_method": nginxMethod, "request_uri": nginxPath, "uri": nginxPath,
	"proxy_upstream_name": nginxPool, "proxy_host": nginxPool,
}

// nginxFormat reads lines as a log_format writes them.
func nginxFormat(text string) (format, error) {
	p, seen := pattern{}, map[int]bool{}
	of := func(name string) (int, kind) {
		at, known := nginxVariables[name]
		if !known || seen[at] {
			at = -1
		}
		seen[at] = true
		if strings.HasPrefix(name, "upstream_") {
			return at, listed
		}
		return at, plain
	}
	for literal := ""; text != ""; {
		i := strings.IndexByte(text, '$')
		if i < 0 {
			p.tail = []byte(literal + text)
			break
		}
		literal += text[:i]
		name, rest, closed := nginxName(text[i+1:])
		if !closed {
			return format{}, errors.New("--log-format: a variable ${ without its }")
		}
		if name == "" {
			literal, text = literal+"$", rest
			continue
		}
		if err := p.add(literal, "$"+name, func(s string) (int, kind) { return of(s[1:]) }); err != nil {
			return format{}, fmt.Errorf("--log-format: %w", err)
		}
		literal, text = "", rest
	}
	switch {
	case !seen[nginxAddress]:
		return format{}, missing("which server got a request", "$upstream_addr")
	case !seen[nginxTimes]:
		return format{}, missing("how long it took there", "$upstream_response_time")
	case !seen[nginxMsec] && !seen[nginxISO] && !seen[nginxLocal]:
		return format{}, missing("when a request was", "$msec")
	}
	values := make([][]byte, nginxValues)
	f := format{name: "nginx", resolution: time.Millisecond, advice: nginxAdvice}
	if !seen[nginxMsec] {
		f.name, f.resolution, f.spread = "nginx-seconds", time.Second, byEnd
	}
	f.parse = func(line []byte, to []entry) ([]entry, error) {
		if !p.match(line, values) {
			return to, errors.New("the line is not as the format string says")
		}
		return nginxEntries(values, to)
	}
	return f, nil
}

// nginxName splits a variable, name or {name}, off what follows; closed is false for a brace that has no other.
func nginxName(text string) (name, rest string, closed bool) {
	if braced, ok := strings.CutPrefix(text, "{"); ok {
		return strings.Cut(braced, "}")
	}
	end := len(text) - len(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))
	return text[:end], text[end:], true
}

// nginxEntries makes entries of the values of a line.
func nginxEntries(v [][]byte, to []entry) ([]entry, error) {
	at, ok := common(v[nginxLocal])
	if v[nginxISO] != nil {
		at, ok = iso(v[nginxISO])
	}
	if v[nginxMsec] != nil {
		at, ok = seconds(v[nginxMsec])
	}
	took := time.Duration(0)
	if v[nginxTook] != nil {
		var fits bool
		took, fits = seconds(v[nginxTook])
		ok = ok && fits
	}
	if !ok {
		return to, errors.New("its stamp or $request_time is no time")
	}
	first := len(to)
	to, err := attempts(at-took, v[nginxAddress], v[nginxTimes], v[nginxStatuses], to)
	to = askedFor(to, first, v[nginxRequest], v[nginxStatus])
	for i := first; i < len(to); i++ {
		if v[nginxRequest] == nil {
			to[i].method, to[i].path = v[nginxMethod], v[nginxPath]
		}
		to[i].pool = v[nginxPool]
	}
	if v[nginxTook] == nil && len(to) > first { // the last attempt ended when the line was written
		shift(to[first:], at-to[len(to)-1].End+cutOff)
	}
	return to, err
}

// shift moves attempts in time.
func shift(entries []entry, by time.Duration) {
	for i := range entries {
		entries[i].Request = fit.Request{
			Start: entries[i].Start + by, End: entries[i].End + by, Others: entries[i].Others, Outcome: entries[i].Outcome,
		}
	}
}
