package logs

import (
	"errors"
	"time"
)

// ingress is ingress-nginx as it comes (upstreaminfo), of stamps of a second:
//
//	$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"
//	$request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name]
//	$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id
var ingress = format{
	name: "ingress-nginx", family: "nginx", resolution: time.Second, spread: byEnd,
	advice: "data: # of the ConfigMap of ingress-nginx\n  log-format-upstream: '" + nginxTimed + "'",
	parse:  parseIngress,
}

func parseIngress(line []byte, to []entry) ([]entry, error) {
	_, rest := before(line, '[')
	stamp, rest := before(rest, ']')
	at, ok := common(stamp)
	f := fields{rest}
	var v [9][]byte // request, status, bytes, referer, agent, length, time, pool, other pool
	if !ok || !f.take(v[:]) || len(v[7]) < 2 || v[7][0] != '[' || len(v[8]) < 2 || v[8][0] != '[' {
		return to, errOther
	}
	took, ok := seconds(v[6])
	addresses, ok1 := f.list()
	_, ok2 := f.list()
	times, ok3 := f.list()
	statuses, ok4 := f.list()
	if !ok || !ok1 || !ok2 || !ok3 || !ok4 {
		return to, errors.New("the line is cut off")
	}
	first := len(to)
	to, err := attempts(at-took, addresses, times, statuses, to)
	for i := first; i < len(to); i++ {
		to[i].pool = v[7][1 : len(v[7])-1]
	}
	return askedFor(to, first, v[0], v[1]), err
}
