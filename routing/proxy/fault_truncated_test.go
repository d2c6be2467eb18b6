package proxy

import (
	"io"
	"net"
	"net/http"
	"testing"
)

// A body that ends too early, without a reset, is what a crashing server leaves: no whole response.
func TestFaultTruncatedBody(t *testing.T) {
	for name, part := range map[string]string{
		"length":     "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart",
		"chunked":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n",
		"half chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\npart",
	} {
		t.Run(name, func(t *testing.T) {
			g, bad, good := faultRig(t, Config{}, func(c *net.TCPConn, _ *http.Request) { _, _ = io.WriteString(c, part) })
			g.sendEach(bad, good, map[string][3]int{"GET": {0, 1, 0}, "PUT": {0, 1, 0}, "POST": {0, 1, 0}})
		})
	}
}
