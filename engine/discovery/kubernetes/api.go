package kubernetes

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	patience = 10 * time.Second // to connect, and until an answer begins
	maxList  = 64 << 20         // bytes of an answer
)

// api speaks to one API server.
type api struct {
	url       string // without a slash at its end
	tokenFile string // read for each request: tokens are replaced while pods run
	client    *http.Client
}

// newAPI trusts the authorities of a file; without one, those of the system.
func newAPI(url, tokenFile, caFile string) (*api, error) {
	verify := &tls.Config{MinVersion: tls.VersionTLS12}
	if caFile != "" {
		pem, err := os.ReadFile(caFile)
		if err != nil {
			return nil, fmt.Errorf("ca_file: %w", err)
		}
		verify.RootCAs = x509.NewCertPool()
		if !verify.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("ca_file: %s holds no PEM certificate", caFile)
		}
	}
	return &api{url: url, tokenFile: tokenFile, client: &http.Client{
		Transport: &http.Transport{
			DialContext:     (&net.Dialer{Timeout: patience, KeepAlive: 15 * time.Second}).DialContext,
			TLSClientConfig: verify, TLSHandshakeTimeout: patience, ResponseHeaderTimeout: patience, ForceAttemptHTTP2: true,
			HTTP2: &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: patience}, // a watch is silent for long
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token is for one server
	}}, nil
}

func (a *api) close() { a.client.CloseIdleConnections() }

// get asks for a path. The body is the caller's to close.
func (a *api) get(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url+path+"?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "slbtui")
	if a.tokenFile != "" {
		token, err := os.ReadFile(a.tokenFile)
		if err != nil {
			return nil, fmt.Errorf("token_file: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	}
	res, err := a.client.Do(req)
	if err != nil {
		var wrapped *url.Error
		if errors.As(err, &wrapped) {
			err = wrapped.Err // the address is long, and says nothing new
		}
		return nil, err
	}
	if res.StatusCode == http.StatusOK {
		return res.Body, nil
	}
	defer func() { _ = res.Body.Close() }()
	var said status
	_ = json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&said) // what it says is a courtesy
	said.Code = res.StatusCode
	return nil, said.error()
}

// status is how the API server says that something went wrong.
type status struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (s status) error() error {
	text := fmt.Sprintf("the API server answers %d %s", s.Code, http.StatusText(s.Code))
	if s.Message != "" {
		text += fmt.Sprintf(" (%.200s)", s.Message)
	}
	switch s.Code {
	case http.StatusGone:
		return errGone
	case http.StatusForbidden:
		text += "; its service account needs list and watch of endpointslices.discovery.k8s.io"
	}
	return errors.New(text)
}
