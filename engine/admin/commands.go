package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"slbtui/engine"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// ofKind lets the engine carry out a command of one kind, whose keys are the body.
func (s *Server) ofKind(k live.Kind) handler {
	return func(w http.ResponseWriter, r *http.Request, who caller) {
		body, err := read(w, r)
		var cmd live.Command
		if err == nil {
			cmd, err = k.Read(body)
		}
		if err != nil {
			s.malformed(w, err, s.example(k))
			return
		}
		s.carryOut(w, r, who, cmd)
	}
}

// command lets the engine carry out a command of any kind, which the body names beside its keys.
func (s *Server) command(w http.ResponseWriter, r *http.Request, who caller) {
	body, err := read(w, r)
	if err != nil {
		s.malformed(w, err, s.commandExample())
		return
	}
	var given struct {
		Do      string          `json:"do"`
		Version json.RawMessage `json:"version"`
	}
	var keys map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(body, &given), json.Unmarshal(body, &keys)); err != nil || keys == nil {
		s.malformed(w, errors.New("it is no object with a text as \"do\""), s.commandExample())
		return
	}
	if err := sameVersion(string(given.Version)); err != nil {
		refuse(w, http.StatusConflict, err.Error())
		return
	}
	k, ok := live.KindNamed(given.Do)
	if !ok {
		s.malformed(w, fmt.Errorf("there is no %q to do; there is %s", given.Do, strings.Join(kindNames(), ", ")), s.commandExample())
		return
	}
	delete(keys, "do")
	delete(keys, "version")
	var cmd live.Command
	if body, err = json.Marshal(keys); err == nil {
		cmd, err = k.Read(body)
	}
	if err != nil {
		s.malformed(w, err, withDo(k, s.example(k)))
		return
	}
	s.carryOut(w, r, who, cmd)
}

func (s *Server) carryOut(w http.ResponseWriter, r *http.Request, who caller, cmd live.Command) {
	done := struct {
		Status string `json:"status"`
		Why    string `json:"why,omitempty"` // it does not hold at all replicas yet
		Seq    uint64 `json:"seq"`           // of a snapshot that has it
	}{Status: "done"}
	status := http.StatusOK
	var accepted live.Accepted
	switch err := s.engine.Do(live.By(r.Context(), who.String()), cmd); {
	case errors.As(err, &accepted):
		done.Status, done.Why, status = "accepted", accepted.Why, http.StatusAccepted
	case errors.Is(err, engine.ErrStopped):
		refuse(w, http.StatusServiceUnavailable, err.Error())
		return
	case err != nil:
		refuse(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	if do, keys, err := live.Write(cmd); err == nil {
		_ = s.engine.Do(r.Context(), live.Note{Kind: metrics.EventOperator, Text: fmt.Sprintf("%s: %s", who, live.Spoken(do, keys))}) // it is done, told or not
	}
	if snap := s.engine.Snapshot(); snap != nil {
		done.Seq = snap.Seq
	}
	answer(w, status, done)
}

func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil && len(bytes.TrimSpace(body)) == 0 {
		err = errors.New("it is empty")
	}
	return body, err
}

func (s *Server) malformed(w http.ResponseWriter, err error, example string) {
	refuse(w, http.StatusBadRequest, fmt.Sprintf("the body is no such command: %v; want %s", err, example))
}

func kindNames() []string {
	var names []string
	for _, k := range live.Kinds() {
		names = append(names, k.Do)
	}
	return names
}

// example is a body of a kind that would work now: its server is one that there is, whose id is whatever the
// configuration calls it.
func (s *Server) example(k live.Kind) string {
	cmd := k.Example
	if snap := s.engine.Snapshot(); snap != nil && len(snap.Servers) > 0 {
		switch c := cmd.(type) {
		case live.DrainServer:
			c.Server = snap.Servers[0].ID
			cmd = c
		case live.SetFault:
			c.Server = snap.Servers[0].ID
			cmd = c
		case live.ClearFaults:
			c.Server = snap.Servers[0].ID
			cmd = c
		}
	}
	_, body, err := live.Write(cmd)
	if err != nil {
		return "{}"
	}
	return live.Spaced(body)
}

func (s *Server) commandExample() string {
	k, _ := live.KindNamed("drain")
	return withDo(k, s.example(k))
}

// withDo is a body that names its kind, too.
func withDo(k live.Kind, body string) string {
	first := fmt.Sprintf(`{"do": %q`, k.Do)
	if body == "{}" {
		return first + "}"
	}
	return first + ", " + strings.TrimPrefix(body, "{")
}
