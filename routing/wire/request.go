package wire

import "bytes"

// MaxHead bounds a head in bytes: offsets are of 16 bits.
const MaxHead = 60 << 10

// Request is the head of a request, over the bytes that it was read from.
type Request struct {
	head
	Method, Target []byte
	Host           []byte
	Length         int  // of the body
	Close          bool // the client wants no further one
}

// Size is how many bytes the head has.
func (r *Request) Size() int { return r.size }

// Read takes the head at the beginning of b.
func (r *Request) Read(b []byte) Verdict {
	l, end, ok := line(b)
	switch {
	case !ok || len(b) > 0 && (b[0] < 'A' || b[0] > 'Z'):
		return Odd
	case end < 0:
		return beginning(b)
	case end > MaxHead || !r.readLine(l):
		return Odd
	}
	if v := r.read(b[:min(len(b), MaxHead)], end, inToken, requestKind); v != Plain {
		if v == More {
			return beginning(b)
		}
		return v
	}
	if r.Host = r.value(kindHost); len(r.Host) == 0 || !all(r.Host, inHost) {
		return Odd
	}
	r.Length = 0
	if r.has(kindLength) {
		n := number(r.value(kindLength))
		if n < 0 {
			return Odd
		}
		r.Length = int(n)
	}
	if r.Close, ok = r.closing(); !ok {
		return Odd
	}
	return Plain
}

// beginning is the verdict over what has no end as yet.
func beginning(b []byte) Verdict {
	if len(b) >= MaxHead {
		return Odd
	}
	return More
}

// readLine takes the request line.
func (r *Request) readLine(l []byte) bool {
	space := bytes.IndexByte(l, ' ')
	rest, isOurs := bytes.CutSuffix(l[max(space, 0):], []byte(" HTTP/1.1"))
	if space < 1 || !isOurs || len(rest) < 2 {
		return false
	}
	r.Method, r.Target = l[:space], rest[1:]
	return isMethod(r.Method) && isTarget(r.Target)
}

func isMethod(b []byte) bool {
	switch string(b) {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH":
		return true
	}
	return false
}

// requestKind tells what a header line of that name is in a request.
func requestKind(name []byte) kind {
	switch len(name) {
	case 3:
		return kindIf(isFold(name, "via"), kindVia)
	case 4:
		return kindIf(isFold(name, "host"), kindHost)
	case 6:
		return kindIf(isFold(name, "expect"), kindOdd)
	case 9:
		switch {
		case isFold(name, "forwarded"):
			return kindForwarded
		case isFold(name, "x-real-ip"):
			return kindForwardedOther
		}
	case 12:
		if isFold(name, "x-request-id") {
			return kindRequestID
		}
	case 17:
		if isFold(name, "transfer-encoding") {
			return kindOdd
		}
	}
	switch {
	case !hasFoldPrefix(name, "x-forwarded-"):
		return eitherKind(name)
	case isFold(name, "x-forwarded-for"):
		return kindForwardedFor
	case isFold(name, "x-forwarded-proto"):
		return kindForwardedProto
	case isFold(name, "x-forwarded-host"):
		return kindForwardedHost
	}
	return kindForwardedOther
}
