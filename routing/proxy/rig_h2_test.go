package proxy

import (
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// h2 is a client that speaks HTTP/2 alone.
func (g *rig) h2() *http.Client {
	tr := &http.Transport{Protocols: new(http.Protocols)}
	tr.Protocols.SetUnencryptedHTTP2(true)
	g.t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// rawH2 is a connection of HTTP/2 on which anything can be said: a client of the library says only what is right.
type rawH2 struct {
	net.Conn
}

func (g *rig) rawH2(t *testing.T) rawH2 {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(g.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(5*time.Second)))
	_, err = io.WriteString(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	require.NoError(t, err)
	s := rawH2{c}
	s.frame(t, 4, 0, 0, nil) // SETTINGS
	return s
}

func (s rawH2) frame(t *testing.T, kind, flags byte, stream uint32, payload []byte) {
	t.Helper()
	b := append([]byte{0, byte(len(payload) >> 8), byte(len(payload)), kind, flags}, binary.BigEndian.AppendUint32(nil, stream)...)
	_, err := s.Write(append(b, payload...))
	require.NoError(t, err)
}

// request opens stream 1 with these header fields, name and value in turn, pseudo headers first. Its body, if
// any, is to follow: the stream stays open when the method is POST.
func (s rawH2) request(t *testing.T, fields ...string) {
	t.Helper()
	var block []byte
	flags := byte(4 | 1) // END_HEADERS, END_STREAM
	for i := 0; i < len(fields); i += 2 {
		if fields[i+1] == http.MethodPost {
			flags = 4
		}
		block = append(block, 0) // a literal that is not indexed, with a new name
		for _, s := range fields[i : i+2] {
			block = append(append(block, byte(len(s))), s...)
		}
	}
	s.frame(t, 1, flags, 1, block)
}

// status is that of the answer, which the library encodes by the static table; "reset" for a stream that is
// ended without one.
func (s rawH2) status(t *testing.T) string {
	t.Helper()
	for {
		head := make([]byte, 9)
		_, err := io.ReadFull(s, head)
		require.NoError(t, err)
		payload := make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
		_, err = io.ReadFull(s, payload)
		require.NoError(t, err)
		switch head[3] {
		case 1:
			known := map[byte]string{0x88: "200", 0x89: "204", 0x8a: "206", 0x8b: "304", 0x8c: "400", 0x8d: "404", 0x8e: "500"}
			require.Contains(t, known, payload[0])
			return known[payload[0]]
		case 3, 7:
			return "reset"
		}
	}
}
