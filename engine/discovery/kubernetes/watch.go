package kubernetes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"
)

const (
	watchFor = 5 * time.Minute  // after which the API server ends a watch
	overdue  = 30 * time.Second // and for how long it may be late
	maxEvent = 8 << 20          // bytes; a slice has at most a thousand endpoints
	pageSize = 500              // slices
	maxPages = 100
)

func (s *Source) path() string {
	return "/apis/discovery.k8s.io/v1/namespaces/" + s.namespace + "/endpointslices"
}

func (s *Source) query() url.Values {
	return url.Values{"labelSelector": {"kubernetes.io/service-name=" + s.service}}
}

// listMeta is of a list, or of an object.
type listMeta struct {
	ResourceVersion string `json:"resourceVersion"`
	Continue        string `json:"continue"`
}

// list reads all slices, and returns the version from which to watch.
func (s *Source) list(ctx context.Context) (version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 3*patience)
	defer cancel()
	all, next := slices{}, ""
	for range maxPages {
		query := s.query()
		query.Set("limit", strconv.Itoa(pageSize))
		if next != "" {
			query.Set("continue", next)
		}
		var page struct {
			Metadata listMeta `json:"metadata"`
			Items    []slice  `json:"items"`
		}
		if err := s.read(ctx, query, &page); err != nil {
			return "", err
		}
		for _, item := range page.Items {
			all[item.Metadata.Name] = item
		}
		if next = page.Metadata.Continue; next == "" {
			if page.Metadata.ResourceVersion == "" {
				return "", errors.New("the API server's list has no version")
			}
			s.slices = all
			return page.Metadata.ResourceVersion, nil
		}
	}
	return "", fmt.Errorf("more than %d EndpointSlices", maxPages*pageSize)
}

func (s *Source) read(ctx context.Context, query url.Values, into any) error {
	body, err := s.api.get(ctx, s.path(), query)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	if err := json.NewDecoder(io.LimitReader(body, maxList)).Decode(into); err != nil {
		return fmt.Errorf("the API server's list: %w", err)
	}
	return nil
}

// event is one change.
type event struct {
	Type   string          `json:"type"` // ADDED, MODIFIED, DELETED, BOOKMARK, ERROR
	Object json.RawMessage `json:"object"`
}

// watch takes in changes from a version on, and calls changed at its beginning and after each, until the API server ends it. It
// returns the version to go on from.
func (s *Source) watch(ctx context.Context, version string, changed func()) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, watchFor+overdue) // a connection may be dead and silent
	defer cancel()
	query := s.query()
	query.Set("watch", "1")
	query.Set("allowWatchBookmarks", "true")
	query.Set("resourceVersion", version)
	query.Set("timeoutSeconds", strconv.Itoa(int(watchFor/time.Second)))
	body, err := s.api.get(ctx, s.path(), query)
	if err != nil {
		return version, err
	}
	defer func() { _ = body.Close() }()
	changed() // nothing is, but it is known again
	limited := &io.LimitedReader{R: body, N: maxEvent}
	d := json.NewDecoder(limited)
	for {
		limited.N = maxEvent
		var e event
		if err := d.Decode(&e); err != nil {
			if errors.Is(err, io.EOF) && limited.N > 0 {
				return version, nil
			}
			return version, fmt.Errorf("watching: %w", err)
		}
		next, err := s.take(e)
		if err != nil {
			return version, err
		}
		version = next
		if e.Type != "BOOKMARK" {
			changed()
		}
	}
}

// take takes in one change, and returns the version that it makes.
func (s *Source) take(e event) (version string, err error) {
	if e.Type == "ERROR" {
		var said status
		if err := json.Unmarshal(e.Object, &said); err != nil {
			return "", fmt.Errorf("watching: an error that cannot be read: %w", err)
		}
		return "", said.error()
	}
	var object slice
	if err := json.Unmarshal(e.Object, &object); err != nil {
		return "", fmt.Errorf("watching: %w", err)
	}
	if object.Metadata.ResourceVersion == "" {
		return "", errors.New("watching: a change without a version")
	}
	switch e.Type {
	case "ADDED", "MODIFIED":
		s.slices[object.Metadata.Name] = object
	case "DELETED":
		delete(s.slices, object.Metadata.Name)
	case "BOOKMARK":
	default:
		return "", fmt.Errorf("watching: a change of type %.20q", e.Type)
	}
	return object.Metadata.ResourceVersion, nil
}
