package logs

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"slbtui/engine/fit"
)

// The values of HAProxy that are looked at: its timers first.
const (
	haproxyTR = iota
	haproxyTw
	haproxyTa
	haproxyTt
	haproxyTq
	haproxyRequestDate
	haproxyAcceptDate
	haproxyBackend
	haproxyServer
	haproxyStatus
	haproxyEnd
	haproxyOthers
	haproxyRetries
	haproxyRequest
	haproxyMethod
	haproxyPath
	haproxyValues
)

var haproxyVariables = map[string]int{
	"TR": haproxyTR, "Tw": haproxyTw, "Ta": haproxyTa, "Tt": haproxyTt, "Tq": haproxyTq, "tr": haproxyRequestDate, "t": haproxyAcceptDate,
	"b": haproxyBackend, "s": haproxyServer, "ST": haproxyStatus, "ts": haproxyEnd, "tsc": haproxyEnd, "sc": haproxyOthers, "rc": haproxyRetries,
	"r": haproxyRequest, "HM": haproxyMethod, "HP": haproxyPath, "HU": haproxyPath, "HPO": haproxyPath,
}

// haproxyFormat reads lines as a log-format writes them, with syslog's words before them or without.
func haproxyFormat(text string) (format, error) {
	p, seen := pattern{collapses: true}, map[int]bool{}
	quotes := false
	for literal := ""; text != ""; {
		i := strings.IndexByte(text, '%')
		if i < 0 || i+1 == len(text) {
			p.tail = []byte(literal + unescaped(text))
			break
		}
		literal += unescaped(text[:i])
		text = text[i+1:]
		if text[0] == '%' {
			literal, text = literal+"%", text[1:]
			continue
		}
		var name string
		var flags string
		var err error
		if name, flags, text, err = haproxyName(text); err != nil {
			return format{}, err
		}
		inQuotes := quotes && !strings.Contains(flags, "-Q") || strings.Contains(flags, "+Q")
		if name == "o" { // flags for all that follow
			quotes = inQuotes
		}
		err = p.add(literal, "%"+name, func(string) (int, kind) {
			at, known := haproxyVariables[name]
			if !known || seen[at] {
				at = -1
			}
			seen[at] = true
			switch {
			case name == "o":
				return at, without
			case inQuotes:
				return at, inside
			case name == "hr" || name == "hs":
				return at, braced
			}
			return at, plain
		})
		if err != nil {
			return format{}, fmt.Errorf("--log-format: %w", err)
		}
		if literal = ""; name == "o" {
			literal = string(p.tail)
		}
	}
	timed := seen[haproxyRequestDate] && seen[haproxyTa] || seen[haproxyAcceptDate] && seen[haproxyTt]
	switch {
	case !seen[haproxyServer]:
		return format{}, missing("which server got a request", "%s")
	case !timed:
		return format{}, missing("when a request was handed over, and answered", "%tr with %Ta (nor %t with %Tt)")
	}
	values := make([][]byte, haproxyValues)
	return format{name: "haproxy", resolution: time.Millisecond, advice: haproxy.advice, parse: func(line []byte, to []entry) ([]entry, error) {
		if !p.match(withoutSyslog(line), values) {
			return to, errors.New("the line is not as the format string says")
		}
		return haproxyEntry(values, to)
	}}, nil
}

// haproxyName splits a variable, its flags and the rest: ST, {+Q}r or [expression].
func haproxyName(text string) (name, flags, rest string, err error) {
	closed := true
	if strings.HasPrefix(text, "{") {
		flags, text, closed = strings.Cut(text[1:], "}")
	}
	if closed && strings.HasPrefix(text, "[") {
		depth := 0
		for i, c := range text {
			switch c {
			case '[':
				depth++
			case ']':
				if depth--; depth == 0 {
					return text[:i+1], flags, text[i+1:], nil
				}
			}
		}
		closed = false
	}
	end := len(text) - len(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
	if !closed || end == 0 {
		return "", "", "", fmt.Errorf("--log-format: %%%.20s is no variable of HAProxy", text)
	}
	// Names are read greedily by HAProxy, too; but what is known counts, so that %Tas is not one.
	return text[:end], flags, text[end:], nil
}

// unescaped is a literal of haproxy.cfg, where a backslash protects blanks and quotes.
func unescaped(s string) string {
	return strings.NewReplacer(`\ `, " ", `\"`, `"`, `\\`, `\`, `\[`, "[", `\]`, "]").Replace(s)
}

// withoutSyslog leaves out what syslog writes before a line: <134>Nov 27 09:30:00 host haproxy[2417]: .
func withoutSyslog(line []byte) []byte {
	i := bytes.Index(line[:min(len(line), 200)], []byte("]: "))
	if i < 0 {
		return line
	}
	open := bytes.LastIndexByte(line[:i], '[')
	if _, ok := digits(line[open+1 : i]); open < 1 || !ok || line[open-1] == ' ' {
		return line
	}
	return line[i+3:]
}

// haproxyEntry makes an entry of the values of a line.
func haproxyEntry(v [][]byte, to []entry) ([]entry, error) {
	var timers [haproxyTq + 1]time.Duration
	for i := range timers {
		if bytes.HasPrefix(v[i], []byte("+")) {
			return to, errLogASAP
		}
		n, ok := digits(bytes.TrimPrefix(v[i], []byte("-")))
		if v[i] != nil && !ok {
			return to, errors.New("a timer is not a number")
		}
		if v[i] != nil && v[i][0] != '-' { // -1: it did not come so far
			timers[i] = time.Duration(n) * time.Millisecond
		}
	}
	e := entry{pool: v[haproxyBackend], server: v[haproxyServer], method: v[haproxyMethod], path: v[haproxyPath], Request: fit.Request{Others: fit.Unknown}}
	if bytes.HasPrefix(e.server, []byte("<")) {
		e.server = nil
	}
	if v[haproxyRequest] != nil {
		e.asks(v[haproxyRequest])
	}
	at, ok := common(v[haproxyRequestDate])
	e.Start, e.End = at+timers[haproxyTR]+timers[haproxyTw], at+timers[haproxyTa]+cutOff
	if v[haproxyRequestDate] == nil || v[haproxyTa] == nil {
		if at, ok = common(v[haproxyAcceptDate]); v[haproxyTq] == nil && v[haproxyTa] != nil {
			timers[haproxyTq] = timers[haproxyTt] - timers[haproxyTa] + timers[haproxyTR]
		}
		e.Start, e.End = at+timers[haproxyTq]+timers[haproxyTw], at+timers[haproxyTt]+cutOff
	}
	if !ok {
		return to, errors.New("its date is no time")
	}
	status, who := int64(200), byte('-')
	if v[haproxyStatus] != nil {
		if status, ok = digits(bytes.TrimPrefix(v[haproxyStatus], []byte("-"))); !ok {
			return to, errors.New("there is no status")
		}
	}
	if len(v[haproxyEnd]) > 0 {
		who = v[haproxyEnd][0]
	}
	e.status, e.upgraded, e.Outcome = status, status == 101, haproxyOutcome(who, status)
	if n, ok := digits(v[haproxyOthers]); ok && n < 1<<30 {
		e.Others = int32(n)
	}
	e.held = timers[haproxyTw] > 0
	e.retried = len(v[haproxyRetries]) > 0 && string(v[haproxyRetries]) != "0"
	return append(to, e), nil
}
