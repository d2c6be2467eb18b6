package loadgen

import (
	"net"
	"net/http"
	"time"
)

// idleTimeout closes connections that a lower rate left over.
const idleTimeout = 15 * time.Second

// NewTransport makes what a Config without a Transport stands for. It keeps a connection for each
// request in flight, so none is dialled twice, and asks for bodies as they are. It speaks HTTP/1.1,
// also over TLS: one connection for each request in flight, as from many users.
func NewTransport(cfg Config) *http.Transport {
	cfg = cfg.withDefaults()
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: cfg.Timeout}).DialContext,
		TLSHandshakeTimeout: cfg.Timeout,
		TLSClientConfig:     cfg.TLS.Clone(),
		MaxIdleConnsPerHost: max(cfg.MaxInFlight, cfg.Users),
		IdleConnTimeout:     idleTimeout,
		DisableCompression:  true,
		Protocols:           &protocols,
	}
}
