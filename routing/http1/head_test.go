package http1

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeadScan(t *testing.T) {
	for head, want := range map[string]bool{
		"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n":                          true,
		"HTTP/1.0 200\nX: y\ntransfer-encoding:identity\n\n":                             true,
		"HTTP/0.9 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n":                         true,
		"HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.0 200 OK\r\nTransfer-Encoding: x\n": true,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n":                          false,
		"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n":    false,
		"HTTP/1.0 200 OK\r\nX-Transfer-Encoding: chunked\r\n\r\nTransfer-Encoding: x\n":  false,
		"HTTP/1.0 200 OK\r\nX: a\r\n Transfer-Encoding: folded\r\n\r\n":                  false,
		"SSH-2.0\r\nTransfer-Encoding: x\r\n\r\n":                                        false,
		"\n\nTransfer-Encoding: x\n":                                                     false,
	} {
		whole, bytewise := HeadScan{}, HeadScan{}
		whole.See([]byte(head))
		for i := range len(head) {
			bytewise.See([]byte{head[i]})
		}
		require.Equal(t, want, whole.Chunked, "%q", head)
		require.Equal(t, want, bytewise.Chunked, "%q", head)
	}
}
