package wire

// Response is the head of a response, over the bytes that it was read from.
type Response struct {
	head
	Status  int   // 200-599
	Length  int64 // of the body; 0 where Chunked, or where there never is one
	Chunked bool
	Close   bool // the server serves nothing more on this connection
}

// Size is how many bytes the head has.
func (r *Response) Size() int { return r.size }

// Bodiless tells of a status without a body (RFC 9110, section 6.4.1).
func (r *Response) Bodiless() bool { return r.Status == 204 || r.Status == 304 }

// Type is the Content-Type, nil where there is none.
func (r *Response) Type() []byte { return r.value(kindType) }

// Read takes the head at the beginning of b. A response that ends with its connection is Odd, as are those before
// the final one.
func (r *Response) Read(b []byte) Verdict {
	const version = "HTTP/1.1 "
	n := min(len(b), len(version))
	l, end, ok := line(b)
	switch {
	case !ok || string(b[:n]) != version[:n]:
		return Odd
	case end < 0:
		return beginning(b)
	case end > MaxHead || len(l) < len(version)+4 || l[len(version)+3] != ' ' || !all(l[len(version):], inValue):
		return Odd
	}
	r.Status = int(number(l[len(version) : len(version)+3]))
	if r.Status < 200 || r.Status > 599 {
		return Odd
	}
	if v := r.read(b[:min(len(b), MaxHead)], end, inName, responseKind); v != Plain {
		if v == More {
			return beginning(b)
		}
		return v
	}
	if r.Close, ok = r.closing(); !ok || !r.framed() {
		return Odd
	}
	return Plain
}

// framed tells whether it is plain where the body ends, and takes note.
func (r *Response) framed() bool {
	r.Length, r.Chunked = 0, r.has(kindEncoding)
	switch {
	case r.Chunked:
		return !r.has(kindLength) && !r.Bodiless() && isFold(r.value(kindEncoding), "chunked")
	case !r.has(kindLength):
		return r.Bodiless()
	}
	r.Length = number(r.value(kindLength))
	switch r.Status {
	case 204:
		return r.Length == 0
	case 304:
		r.Length = min(r.Length, 0) // of what the client has
	}
	return r.Length >= 0
}

// responseKind tells what a header line of that name is in a response.
func responseKind(name []byte) kind {
	switch len(name) {
	case 4:
		return kindIf(isFold(name, "date"), kindDate)
	case 11:
		return kindIf(isFold(name, "x-served-by"), kindServedBy)
	case 12:
		return kindIf(isFold(name, "content-type"), kindType)
	case 17:
		return kindIf(isFold(name, "transfer-encoding"), kindEncoding)
	}
	return eitherKind(name)
}
