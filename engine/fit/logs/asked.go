package logs

import "bytes"

// asks splits a request as a log quotes it, GET /path HTTP/1.1, into its method and path.
func (e *entry) asks(request []byte) {
	e.method, request = before(request, ' ')
	e.path, _ = before(request, ' ')
	if i := bytes.Index(e.path, []byte("://")); i >= 0 { // a URL, as ALB has it
		host := e.path[i+3:]
		if i = bytes.IndexByte(host, '/'); i < 0 {
			i = len(host)
		}
		e.path = host[i:]
	}
}

// quoted is the first thing in double quotes.
func quoted(b []byte) []byte {
	i := bytes.IndexByte(b, '"')
	if i < 0 {
		return nil
	}
	f := fields{b[i:]}
	v, _ := f.next()
	return v
}

// host is an address without the scheme that some write before it: tcp://10.0.0.11:8080.
func host(address []byte) []byte {
	if i := bytes.Index(address, []byte("://")); i >= 0 {
		return address[i+3:]
	}
	return address
}
