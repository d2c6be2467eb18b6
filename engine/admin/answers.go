package admin

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"slbtui/engine/live"
)

func (s *Server) health(w http.ResponseWriter, _ *http.Request, _ caller) {
	snap := s.engine.Snapshot()
	if snap == nil || snap.State != live.RunRunning {
		refuse(w, http.StatusServiceUnavailable, "not running")
		return
	}
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

func refuse(w http.ResponseWriter, status int, reason string) {
	answer(w, status, map[string]string{"error": reason})
}

func answer(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // a number that JSON has no word for
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written as JSON"}`)
	}
	write(w, status, append(body, '\n'))
}

func write(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who asked may have left
}

// worthwhile is the size from which an answer is compressed.
const worthwhile = 1 << 10

var compressors = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one that there is
	return z
}}

// compressed writes an answer, in gzip where whoever asked takes it.
func compressed(w http.ResponseWriter, r *http.Request, body []byte) {
	w.Header().Add("Vary", "Accept-Encoding")
	if len(body) < worthwhile || !takesGzip(r) {
		write(w, http.StatusOK, body)
		return
	}
	z := compressors.Get().(*gzip.Writer)
	defer compressors.Put(z)
	var packed bytes.Buffer
	z.Reset(&packed)
	_, _ = z.Write(body) // a buffer takes all
	_ = z.Close()
	w.Header().Set("Content-Encoding", "gzip")
	write(w, http.StatusOK, packed.Bytes())
}

func takesGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, quality, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) == "gzip" {
			return strings.Trim(strings.TrimPrefix(strings.TrimSpace(quality), "q="), "0.") != "" || quality == ""
		}
	}
	return false
}
