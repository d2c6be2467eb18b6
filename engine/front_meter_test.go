package engine

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/proxy/h2test"
)

// What one connection of HTTP/2 may cause, as docs/serve.md has it.
const (
	floodBytes  = 4 << 20
	resetNumber = 200
)

// Frames that ask for nothing, without an end, end their connection.
func TestFloodsOfFramesAreCut(t *testing.T) {
	headers := h2test.Frame{Kind: h2test.Headers, Stream: 1, Payload: h2test.Block(":method", "GET")}
	for name, flood := range map[string][]h2test.Frame{
		"settings":     {{}, {Kind: h2test.Settings}},
		"pings":        {{}, {Kind: h2test.Ping, Payload: make([]byte, 8)}},
		"continuation": {headers, {Kind: h2test.Continuation, Stream: 1}},
		"empty data": {
			{Kind: h2test.Headers, Flags: h2test.EndHeaders, Stream: 1, Payload: h2test.Block(":method", "POST", ":path", "/", ":scheme", "http", ":authority", "h")},
			{Kind: h2test.Data, Stream: 1},
		},
	} {
		for _, secure := range []string{"clear", "TLS"} {
			if secure == "TLS" && name != "settings" && name != "empty data" {
				continue // the meter is below TLS: what it carries is all one
			}
			t.Run(name+", "+secure, func(t *testing.T) {
				cfg := serveConfig(upstream(t, answer))
				dial := func(e *Engine) *h2test.Conn { return h2test.Dial(t, e.Addr(), nil) }
				if secure == "TLS" {
					cert, roots := writeCertificate(t, t.TempDir(), 1)
					cfg.LoadBalancer.TLS = cert
					dial = func(e *Engine) *h2test.Conn {
						nc, err := tls.Dial("tcp", e.Addr(), &tls.Config{RootCAs: roots, NextProtos: []string{"h2"}})
						require.NoError(t, err)
						return h2test.On(t, nc, nil)
					}
				}
				c := dial(start(t, cfg, Options{ServeOnly: true}))
				heard := make(chan struct{})
				go func() { // what it says is taken, so that nothing else ends it
					defer close(heard)
					_, _ = io.Copy(io.Discard, c)
				}()
				if flood[0].Kind == h2test.Headers {
					require.NoError(t, c.Send(flood[0]))
				}
				chunk := bytes.Repeat(flood[1].Bytes(), 64<<10/9)
				sent, err := 0, error(nil)
				for err == nil && sent < 10*floodBytes {
					_, err = c.Write(chunk)
					sent += len(chunk)
				}
				require.Error(t, err, "%d bytes have been taken", sent)
				require.False(t, timedOut(err), "taken no longer, but not cut")
				<-heard
			})
		}
	}
}

func timedOut(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

func TestWhatWorksIsNotCut(t *testing.T) {
	const size = 3 * floodBytes
	cfg := serveConfig(upstream(t, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).EnableFullDuplex()
		_, _ = io.Copy(w, r.Body)
	}))
	e := start(t, cfg, Options{ServeOnly: true})
	c := client(t, nil, func(p *http.Protocols) { p.SetUnencryptedHTTP2(true) })
	res, err := c.Post("http://"+e.Addr(), "", io.LimitReader(zeros{}, size))
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, res.Body)
	require.NoError(t, err)
	require.EqualValues(t, size, n)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// One that gives up most of what it asks for ends; one that takes most of it does not.
func TestRapidResetsEndTheirConnection(t *testing.T) {
	asked, gone := make(chan struct{}), make(chan struct{})
	cfg := serveConfig(upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/quick" {
			return
		}
		asked <- struct{}{}
		<-r.Context().Done()
		gone <- struct{}{}
	}))
	e := start(t, cfg, Options{ServeOnly: true})
	reset := func(c *h2test.Conn, stream uint32) error {
		c.Get(stream, "/")
		<-asked
		err := c.Send(h2test.Frame{Kind: h2test.Reset, Stream: stream, Payload: make([]byte, 4)})
		<-gone
		return err
	}
	t.Run("most", func(t *testing.T) {
		c := h2test.Dial(t, e.Addr(), nil)
		for i := range uint32(resetNumber + 1) {
			require.NoError(t, reset(c, 2*i+1))
		}
		_, err := io.Copy(io.Discard, c)
		require.False(t, timedOut(err), "it is not cut")
	})
	t.Run("some", func(t *testing.T) {
		c := h2test.Dial(t, e.Addr(), nil)
		for i := range uint32(resetNumber + 10) {
			for quick := range uint32(2) {
				c.Get(6*i+2*quick+1, "/quick")
				require.Equal(t, "200", c.Status())
			}
			require.NoError(t, reset(c, 6*i+5))
		}
		c.Get(6*resetNumber*2+1, "/quick")
		require.Equal(t, "200", c.Status())
	})
}
