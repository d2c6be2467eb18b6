package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"slbtui/engine/live"
	"slbtui/engine/live/lean"
)

const (
	longestPoll = 5 * time.Second
	lookEvery   = 20 * time.Millisecond // whether there is a new snapshot: ten come in a second
	keptMarks   = 256
	mostPolls   = 64 // that wait at once: fewer than connections, so that they shut nobody else out
)

// header is what stands before a snapshot in its JSON.
type header struct {
	Version int    `json:"version"`
	Role    string `json:"role"`
	Since   uint64 `json:"since,omitempty"` // of a lean one: what it goes on from
}

// snapshot answers with the whole picture or, with since, once there is a newer one, with what of it is new.
func (s *Server) snapshot(w http.ResponseWriter, r *http.Request, who caller) {
	q := r.URL.Query()
	if err := sameVersion(q.Get("version")); err != nil {
		refuse(w, http.StatusConflict, err.Error())
		return
	}
	if !q.Has("since") {
		s.whole(w, r, who, s.engine.Snapshot())
		return
	}
	since, err := strconv.ParseUint(q.Get("since"), 10, 64)
	if err != nil {
		refuse(w, http.StatusBadRequest, fmt.Sprintf("since=%q: want the seq of a snapshot", q.Get("since")))
		return
	}
	with := strings.FieldsFunc(q.Get("with"), func(r rune) bool { return r == ',' })
	for _, part := range with {
		if all := live.Parts(); !slices.Contains(all, live.Part(part)) {
			refuse(w, http.StatusBadRequest, fmt.Sprintf("with=%q: there is %q", part, all))
			return
		}
	}
	s.news(w, r, who, since, with)
}

// sameVersion fails for whoever speaks another version.
func sameVersion(theirs string) error {
	if theirs == "" || theirs == strconv.Itoa(live.Version) {
		return nil
	}
	return fmt.Errorf("this balancer speaks version %d of snapshots and commands, and you version %s: use the same release of slbtui at both ends", live.Version, theirs)
}

func (s *Server) whole(w http.ResponseWriter, r *http.Request, who caller, snap *live.Snapshot) {
	if snap != nil {
		s.marks.add(lean.MarkOf(snap))
		w.Header().Set("ETag", lean.ETag(snap))
	}
	body, err := json.Marshal(struct {
		header
		*live.Snapshot
	}{header{Version: live.Version, Role: who.Role.String()}, snap})
	s.write(w, r, body, err)
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, body []byte, err error) {
	if err != nil {
		refuse(w, http.StatusInternalServerError, "the answer cannot be written as JSON")
		return
	}
	compressed(w, r, append(body, '\n'))
}

// news answers with what came after the snapshot since. Where that is not known, or was of another run or other
// servers, the answer is the whole.
func (s *Server) news(w http.ResponseWriter, r *http.Request, who caller, since uint64, with []string) {
	select {
	case s.polls <- struct{}{}:
	default:
		w.Header().Set("Retry-After", strconv.Itoa(int(longestPoll/time.Second)))
		refuse(w, http.StatusServiceUnavailable, fmt.Sprintf("%d others follow this balancer already", mostPolls))
		return
	}
	snap := s.newer(r.Context(), since)
	<-s.polls
	mark, known := s.marks.of(since)
	held := r.Header.Get("If-None-Match")
	if snap == nil || !known || mark.Seq > snap.Seq || held != "" && held != lean.ETag(snap) {
		s.whole(w, r, who, snap)
		return
	}
	s.marks.add(lean.MarkOf(snap))
	w.Header().Set("ETag", lean.ETag(snap))
	first, err := json.Marshal(header{live.Version, who.Role.String(), since})
	if err != nil {
		s.write(w, r, nil, err)
		return
	}
	join := len(first) - 1
	n := lean.News{Since: mark, Same: held != "", With: with}
	body, err := n.Append(first[:join], snap)
	if err == nil {
		body[join] = ',' // the brace that begins the snapshot
		body = append(body, '}')
	}
	s.write(w, r, body, err)
}

// newer waits for a snapshot other than since, for as long as a poll lasts.
func (s *Server) newer(ctx context.Context, since uint64) *live.Snapshot {
	end := time.NewTimer(longestPoll)
	defer end.Stop()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		snap := s.engine.Snapshot()
		if snap == nil || snap.Seq != since {
			return snap
		}
		select {
		case <-look.C:
		case <-end.C:
			return snap
		case <-ctx.Done():
			return snap
		}
	}
}

// marks remembers which snapshots were handed out lately. The zero value is ready to use.
type marks struct {
	mu    sync.Mutex
	known map[uint64]lean.Mark
	order []uint64 // oldest first
}

func (m *marks) add(mark lean.Mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.known[mark.Seq]; there {
		return
	}
	if m.known == nil {
		m.known = map[uint64]lean.Mark{}
	}
	m.known[mark.Seq] = mark
	m.order = append(m.order, mark.Seq)
	if len(m.order) > keptMarks {
		delete(m.known, m.order[0])
		m.order = m.order[1:]
	}
}

func (m *marks) of(seq uint64) (lean.Mark, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	mark, ok := m.known[seq]
	return mark, ok
}
