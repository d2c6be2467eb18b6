package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"slbtui/engine"
	"slbtui/engine/live"
)

func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	snap := s.engine.Snapshot()
	if snap == nil || snap.State != live.RunRunning {
		refuse(w, http.StatusServiceUnavailable, "not running")
		return
	}
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *Server) snapshot(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, struct {
		Version int `json:"version"`
		*live.Snapshot
	}{live.Version, s.engine.Snapshot()})
}

// command reads a T and lets the engine carry out what becomes of it. Example is a body that would do.
func command[T any](s *Server, example func() string, of func(T) (live.Command, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var c T
		err := decode(http.MaxBytesReader(w, r.Body, maxBody), &c)
		var cmd live.Command
		if err == nil {
			cmd, err = of(c)
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, fmt.Sprintf("the body is no such command: %v; want %s", err, example()))
			return
		}
		switch err := s.engine.Do(r.Context(), cmd); {
		case errors.Is(err, engine.ErrStopped):
			refuse(w, http.StatusServiceUnavailable, err.Error())
		case err != nil:
			refuse(w, http.StatusUnprocessableEntity, err.Error())
		default:
			answer(w, http.StatusOK, map[string]string{"status": "done"})
		}
	}
}

// decode reads one JSON object into c, and says in the words of the sender what is wrong with it.
func decode(body io.Reader, c any) error {
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	err := d.Decode(c)
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Errorf("%q cannot be a %s", kind.Field, kind.Value)
	case errors.As(err, &kind):
		return errors.New("it is no object but " + kind.Value)
	case errors.Is(err, io.EOF):
		return errors.New("it is empty")
	case err != nil:
		return errors.New(strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, more := d.Token(); !errors.Is(more, io.EOF) {
		return errors.New("something follows the object")
	}
	return nil
}

func refuse(w http.ResponseWriter, status int, reason string) {
	answer(w, status, map[string]string{"error": reason})
}

func answer(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // a number that JSON has no word for
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written as JSON"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // who asked may have left
}
