package remote

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/live/lean"
	"slbtui/engine/printable"
)

const (
	askTimeout = 7 * time.Second // a poll lasts 5 s at the most
	maxAnswer  = 64 << 20        // bytes, unpacked
	maxReason  = 300             // characters of an error from there
)

// Refusal is an answer that trying again does not change: a wrong token, another version, no balancer at all.
type Refusal struct{ error }

// picture is what is known of a balancer.
type picture struct {
	snap *live.Snapshot
	etag string
	role string
	with []live.Part // of which it has the latest
}

// heading is what stands before a snapshot.
type heading struct {
	Version int    `json:"version"`
	Role    string `json:"role"`
	Since   uint64 `json:"since"`
}

// look asks for a picture newer than held, which may be empty, with the parts that are asked for.
func (t *target) look(ctx context.Context, held picture, parts ...live.Part) (picture, error) {
	var with []string
	for _, p := range parts {
		with = append(with, string(p))
	}
	q := url.Values{"version": {strconv.Itoa(live.Version)}}
	// What was not asked for has gone on meanwhile: the list that is held and what is new would leave a gap.
	gap := slices.ContainsFunc(parts, func(p live.Part) bool { return !slices.Contains(held.with, p) })
	if held.snap != nil && !gap {
		q.Set("since", strconv.FormatUint(held.snap.Seq, 10))
		q.Set("with", strings.Join(with, ","))
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.base+"/snapshot?"+q.Encode(), nil)
	if err != nil {
		return held, err
	}
	if held.etag != "" {
		req.Header.Set("If-None-Match", held.etag)
	}
	body, res, err := t.ask(req)
	if err != nil {
		return held, err
	}
	var head heading
	if err := json.Unmarshal(body, &head); err != nil || head.Version == 0 {
		return held, t.refusal("no admin listener of slbtui answers there")
	}
	if head.Version != live.Version {
		return held, t.refusal(fmt.Sprintf("it speaks version %d of snapshots and commands, and this slbtui version %d: use the same release at both ends", head.Version, live.Version))
	}
	fresh, err := readSnapshot(body)
	if err != nil {
		return held, t.refusal("its answer is no snapshot: " + err.Error())
	}
	if fresh.Seq == 0 {
		return held, t.trouble(errors.New("it has not begun to run"))
	}
	latest := live.Parts()
	if head.Since != 0 {
		latest = parts
		if held.snap == nil || head.Since != held.snap.Seq {
			return picture{}, t.trouble(errors.New("its answer goes on from a picture that was never here"))
		}
		fresh = lean.Merge(held.snap, fresh, with...)
	}
	return picture{snap: fresh, etag: res.Header.Get("ETag"), role: head.Role, with: latest}, nil
}

// do has a command carried out there. It returns the number of a snapshot that has it.
func (t *target) do(ctx context.Context, cmd live.Command) (seq uint64, err error) {
	do, keys, err := live.Write(cmd)
	if err != nil {
		return 0, err
	}
	body := map[string]json.RawMessage{}
	if err := json.Unmarshal(keys, &body); err != nil {
		return 0, err
	}
	body["do"], body["version"] = json.RawMessage(strconv.Quote(do)), json.RawMessage(strconv.Itoa(live.Version))
	b, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.base+"/command", bytes.NewReader(b))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	answer, _, err := t.ask(req)
	if err != nil {
		return 0, err
	}
	var done struct {
		Seq    uint64 `json:"seq"`
		Status string `json:"status"`
		Why    string `json:"why"`
	}
	if err = json.Unmarshal(answer, &done); err == nil && done.Status == "accepted" {
		err = live.Accepted{Why: printable.Line(done.Why)}
	}
	return done.Seq, err
}

// ask sends a request with the token, and returns the body of a good answer.
func (t *target) ask(req *http.Request) ([]byte, *http.Response, error) {
	if t.token != "" {
		req.Header.Set("Authorization", "Bearer "+t.token)
	}
	res, err := t.client.Do(req)
	var unknown *tls.CertificateVerificationError
	if errors.As(err, &unknown) {
		return nil, nil, t.refusal(fmt.Sprintf("its certificate is not believed: %v; --ca FILE names who signs it", unknown.Err))
	}
	if err != nil {
		return nil, nil, t.trouble(err)
	}
	defer func() { _ = res.Body.Close() }() // only read from
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, nil, t.trouble(err)
	case len(body) > maxAnswer:
		return nil, nil, t.refusal(fmt.Sprintf("its answer is larger than %d bytes", maxAnswer))
	case res.StatusCode == http.StatusOK, res.StatusCode == http.StatusAccepted:
		return body, res, nil
	}
	return nil, nil, t.denied(res.StatusCode, body)
}

// denied says in a sentence why there was no good answer.
func (t *target) denied(status int, body []byte) error {
	var said struct {
		Error string `json:"error"`
	}
	if err := json.Unmarshal(body, &said); err != nil || said.Error == "" {
		return t.refusal(fmt.Sprintf("no admin listener of slbtui answers there (status %d)", status))
	}
	reason := printable.Line(said.Error)
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "") + "..."
	}
	switch status {
	case http.StatusUnauthorized:
		if t.token == "" {
			reason = "a token is needed: --token-file FILE, or SLBTUI_TOKEN"
		}
		return t.refusal(reason)
	case http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusBadRequest, http.StatusServiceUnavailable:
		return Refusal{errors.New(reason)} // of a command: where it was sent is plain
	}
	return t.refusal(reason)
}

func (t *target) refusal(why string) error {
	return Refusal{fmt.Errorf("%s: %s", t.name, printable.Line(why))}
}

// silent is the error of a balancer that has not answered in time: a context.DeadlineExceeded.
type silent struct{ name string }

func (s silent) Error() string { return s.name + ": no answer in time" }

func (silent) Unwrap() error { return context.DeadlineExceeded }

// trouble is an error that may pass.
func (t *target) trouble(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return silent{t.name}
	}
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	var op *net.OpError
	if errors.As(err, &op) { // where to is said already
		err = op.Err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		err = call.Err
	}
	return fmt.Errorf("%s: %s", t.name, printable.Line(err.Error()))
}
