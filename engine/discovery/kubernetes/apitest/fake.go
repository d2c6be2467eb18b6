// Package apitest is for tests: an API server that knows EndpointSlices alone, and speaks of them as the real one
// does, and a client that changes them, in either. It imports nothing of what is tested.
package apitest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Token is what the fake asks for.
const Token = "let-me-in"

const prefix = "/apis/discovery.k8s.io/v1/namespaces/"

// object is a slice as JSON: what the fake does not know is kept as it is.
type object = map[string]any

// change is one of the history.
type change struct {
	version int
	kind    string
	object  object
}

// Fake is the API server.
type Fake struct {
	*httptest.Server
	mu       sync.Mutex
	version  int
	objects  map[string]object // by namespace/name
	history  []change
	oldest   int           // the version from which on the history is kept
	changed  chan struct{} // closed with each change
	cut      chan struct{} // closed when watches are to end
	refusing int           // a status for all that is asked; 0: none

	// Lists and Watches count what was asked, and Bookmarks what was sent.
	Lists, Watches, Bookmarks int
}

// New starts one, with TLS; it ends with the test.
func New(t testing.TB) *Fake {
	t.Helper()
	f := &Fake{version: 100, objects: map[string]object{}, changed: make(chan struct{}), cut: make(chan struct{})}
	f.Server = httptest.NewTLSServer(f)
	t.Cleanup(func() {
		f.Cut()
		f.Close()
	})
	return f
}

// Cut breaks off all watches.
func (f *Fake) Cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.cut)
	f.cut = make(chan struct{})
}

// Forget makes all versions of before ones that are gone (410).
func (f *Fake) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version++
	f.oldest, f.history = f.version, nil
}

// Refuse answers all that is asked with a status; 0 ends that.
func (f *Fake) Refuse(status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refusing = status
}

// Counts are how often lists and watches were asked for, and bookmarks sent.
func (f *Fake) Counts() (lists, watches, bookmarks int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.Lists, f.Watches, f.Bookmarks
}

func refuse(w http.ResponseWriter, status int, reason, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(statusOf(status, reason, message))
}

func statusOf(status int, reason, message string) object {
	return object{"kind": "Status", "apiVersion": "v1", "metadata": object{}, "status": "Failure", "message": message, "reason": reason, "code": status}
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, prefix)
	namespace, rest, _ := strings.Cut(rest, "/")
	kind, name, _ := strings.Cut(rest, "/")
	f.mu.Lock()
	refusing := f.refusing
	f.mu.Unlock()
	switch {
	case r.Header.Get("Authorization") != "Bearer "+Token:
		refuse(w, http.StatusUnauthorized, "Unauthorized", "Unauthorized")
	case refusing != 0 && r.Method == http.MethodGet:
		refuse(w, refusing, "", "told to refuse")
	case !ok || kind != "endpointslices":
		refuse(w, http.StatusNotFound, "NotFound", "the server could not find the requested resource")
	case r.Method == http.MethodGet && r.URL.Query().Get("watch") == "1":
		f.watch(w, r, namespace)
	case r.Method == http.MethodGet:
		f.list(w, r, namespace)
	default:
		f.write(w, r, namespace, name)
	}
}

// selected tells whether an object is of the namespace and has the label that is asked for.
func selected(o object, r *http.Request, namespace string) bool {
	meta := o["metadata"].(object)
	key, value, _ := strings.Cut(r.URL.Query().Get("labelSelector"), "=")
	labels, _ := meta["labels"].(object)
	return meta["namespace"] == namespace && (key == "" || labels[key] == value)
}

// list answers in pages, as of one version.
func (f *Fake) list(w http.ResponseWriter, r *http.Request, namespace string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Lists++
	var items []object
	for _, key := range slices.Sorted(maps.Keys(f.objects)) {
		if selected(f.objects[key], r, namespace) {
			items = append(items, f.objects[key])
		}
	}
	meta := object{"resourceVersion": strconv.Itoa(f.version)}
	from, _ := strconv.Atoi(r.URL.Query().Get("continue"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	items = items[min(from, len(items)):]
	if limit > 0 && len(items) > limit {
		items = items[:limit]
		meta["continue"] = strconv.Itoa(from + limit)
	}
	if items == nil {
		items = []object{}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(object{"kind": "EndpointSliceList", "apiVersion": "discovery.k8s.io/v1", "metadata": meta, "items": items})
}

// watch sends what has changed since a version, and goes on.
func (f *Fake) watch(w http.ResponseWriter, r *http.Request, namespace string) {
	from, err := strconv.Atoi(r.URL.Query().Get("resourceVersion"))
	seconds, _ := strconv.Atoi(r.URL.Query().Get("timeoutSeconds"))
	f.mu.Lock()
	f.Watches++
	cut := f.cut
	f.mu.Unlock()
	if err != nil {
		refuse(w, http.StatusBadRequest, "BadRequest", "this fake wants a version to watch from")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	flusher := w.(http.Flusher)
	flusher.Flush()
	send := func(kind string, o object) {
		_ = json.NewEncoder(w).Encode(object{"type": kind, "object": o})
		flusher.Flush()
	}
	over := time.After(time.Duration(seconds) * time.Second)
	bookmark := time.NewTicker(100 * time.Millisecond)
	defer bookmark.Stop()
	for {
		f.mu.Lock()
		next, changed := f.since(from), f.changed
		gone, version := from < f.oldest, f.version
		f.mu.Unlock()
		if gone {
			send("ERROR", statusOf(http.StatusGone, "Expired", fmt.Sprintf("too old resource version: %d (%d)", from, f.oldest)))
			return
		}
		for _, c := range next {
			if selected(c.object, r, namespace) {
				send(c.kind, c.object)
			}
		}
		from = version
		select {
		case <-changed:
		case <-bookmark.C:
			if r.URL.Query().Get("allowWatchBookmarks") == "true" {
				send("BOOKMARK", object{"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", "metadata": object{"resourceVersion": strconv.Itoa(from)}})
				f.mu.Lock()
				f.Bookmarks++
				f.mu.Unlock()
			}
		case <-over:
			return
		case <-cut:
			return
		case <-r.Context().Done():
			return
		}
	}
}

func (f *Fake) since(version int) []change {
	i := slices.IndexFunc(f.history, func(c change) bool { return c.version > version })
	if i < 0 {
		return nil
	}
	return slices.Clone(f.history[i:])
}

// write creates, replaces or deletes.
func (f *Fake) write(w http.ResponseWriter, r *http.Request, namespace, name string) {
	var o object
	if r.Method != http.MethodDelete {
		if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
			refuse(w, http.StatusBadRequest, "BadRequest", err.Error())
			return
		}
		name, _ = o["metadata"].(object)["name"].(string)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	key := namespace + "/" + name
	was, exists := f.objects[key]
	kind := "MODIFIED"
	switch {
	case r.Method == http.MethodPost && exists:
		refuse(w, http.StatusConflict, "AlreadyExists", name+" already exists")
		return
	case r.Method == http.MethodPost:
		kind = "ADDED"
	case !exists:
		refuse(w, http.StatusNotFound, "NotFound", name+" not found")
		return
	case r.Method == http.MethodDelete:
		kind, o = "DELETED", maps.Clone(was)
	}
	f.version++
	meta := maps.Clone(o["metadata"].(object))
	meta["namespace"], meta["resourceVersion"] = namespace, strconv.Itoa(f.version)
	o["metadata"] = meta
	if kind == "DELETED" {
		delete(f.objects, key)
	} else {
		f.objects[key] = o
	}
	f.history = append(f.history, change{f.version, kind, o})
	close(f.changed)
	f.changed = make(chan struct{})
	status := http.StatusOK
	if kind == "ADDED" {
		status = http.StatusCreated
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(o)
}
