package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"slbtui/engine"
)

func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	snap := s.engine.Snapshot()
	if snap == nil || snap.State != "running" {
		refuse(w, http.StatusServiceUnavailable, "not running")
		return
	}
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *Server) snapshot(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, s.engine.Snapshot())
}

// command reads a T and lets the engine carry out what becomes of it.
func command[T any](s *Server, of func(T) engine.Command) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var c T
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
		d.DisallowUnknownFields()
		err := d.Decode(&c)
		if err == nil {
			if _, more := d.Token(); !errors.Is(more, io.EOF) {
				err = errors.New("something follows the object")
			}
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, fmt.Sprintf("the body is no such command: %v", err))
			return
		}
		switch err := s.engine.Do(r.Context(), of(c)); {
		case errors.Is(err, engine.ErrStopped):
			refuse(w, http.StatusServiceUnavailable, err.Error())
		case err != nil:
			refuse(w, http.StatusUnprocessableEntity, err.Error())
		default:
			answer(w, http.StatusOK, map[string]string{"status": "done"})
		}
	}
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
