package backends

import (
	"net/http"
	"strconv"
	"time"
)

// A body that streams comes in pieces. Those of a download are as large as to leave every buffer on
// their way at once.
const (
	downloadPace  = 100 * time.Millisecond
	downloadPiece = 8 << 10
	eventPace     = time.Second
	eventPiece    = "data: {}\n\n"
)

var (
	eventType    = []string{"text/event-stream"}
	downloadType = []string{"application/octet-stream"}
	zeros        = make([]byte, downloadPiece)
)

// stream answers with a body that goes on for d.hold after its beginning: a download of a known length, or
// events. It returns when it is over, or the client or the server has gone.
func (l *life) stream(w http.ResponseWriter, r *http.Request, d draw) {
	pace, piece := eventPace, []byte(eventPiece)
	if d.whole {
		pace, piece = downloadPace, zeros
		pieces := 1 + int((d.hold+pace-1)/pace)
		w.Header()["Content-Type"] = downloadType
		w.Header()["Content-Length"] = []string{strconv.Itoa(pieces * len(piece))}
	} else {
		w.Header()["Content-Type"] = eventType
	}
	out := http.NewResponseController(w)
	for left := d.hold; ; left -= pace {
		if _, err := w.Write(piece); err != nil || out.Flush() != nil || left <= 0 {
			return
		}
		if !l.timers.sleep(r.Context(), min(pace, left)) {
			return
		}
	}
}
