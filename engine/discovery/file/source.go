// Package file finds servers in a file, a list in YAML or JSON, which is looked at once a second. It follows links,
// so that a file may be replaced as a whole by moving another onto it, and starts no goroutine.
package file

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"slbtui/engine/config"
	"slbtui/engine/discovery"
	"slbtui/engine/strictyaml"
)

const period = time.Second // between two looks at the file

// Source is a file.
type Source struct{ path string }

// New makes the source of a file.
func New(path string) *Source { return &Source{path} }

// String names it.
func (s *Source) String() string { return "file " + s.path }

// Follow implements discovery.Source.
func (s *Source) Follow(ctx context.Context, tell func([]discovery.Server, error)) error {
	ticker := time.NewTicker(period)
	defer ticker.Stop()
	seen := "nothing"
	for {
		if now := s.stamp(); now != seen {
			seen = now // before reading: a change meanwhile is noticed later
			tell(s.read())
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// stamp changes when the file does.
func (s *Source) stamp() string {
	info, err := os.Stat(s.path)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(info.ModTime().UnixNano(), info.Size())
}

func (s *Source) read() ([]discovery.Server, error) {
	if err := config.Again(s.path); err != nil {
		return nil, err
	}
	source, err := config.ReadSource(s.path)
	if err != nil {
		return nil, err
	}
	found, problem := parse(source.Data)
	if problem != nil {
		return nil, fmt.Errorf("line %d: %w", problem.Line, problem)
	}
	return found, nil
}

// keys are those of a server that is more than its address.
var keys = []string{"url", "weight", "zone"}

// parse reads a list: of addresses, of URLs, or of both with weights and zones.
func parse(data []byte) ([]discovery.Server, *strictyaml.Problem) {
	top, problem := strictyaml.Root(data)
	if problem != nil {
		return nil, problem
	}
	if strictyaml.IsNull(top) {
		return nil, nil
	}
	items, problem := strictyaml.List(top, "")
	if problem != nil {
		return nil, problem
	}
	var found []discovery.Server
	for _, item := range items {
		s, problem := server(item)
		if problem != nil {
			return nil, problem
		}
		found = append(found, s)
	}
	return found, nil
}

func server(item strictyaml.Field) (discovery.Server, *strictyaml.Problem) {
	s := discovery.Server{Weight: 1}
	where := item.Value
	if item.Value.Kind == yaml.MappingNode {
		where = nil
		for f, problem := range strictyaml.Mapping(item.Value, item.Path, keys) {
			switch {
			case problem != nil:
				return s, problem
			case f.Key == "url":
				where = f.Value
			case f.Key == "zone":
				if s.Zone = f.Value.Value; f.Value.Kind != yaml.ScalarNode || !config.IsZone(s.Zone) {
					return s, &strictyaml.Problem{Line: f.Line, Path: f.Path, Text: strictyaml.Describe(f.Value) + " is not a zone (at most 64 letters, digits, . _ -)"}
				}
			default:
				w, err := strconv.ParseFloat(f.Value.Value, 64)
				if err != nil || !(w > 0) || w > 1e6 {
					return s, &strictyaml.Problem{Line: f.Line, Path: f.Path, Text: strictyaml.Describe(f.Value) + " is not a weight (above 0, at most 1000000)"}
				}
				s.Weight = w
			}
		}
	}
	if where == nil || where.Kind != yaml.ScalarNode || !place(where.Value, &s) {
		what := "nothing"
		if where != nil {
			what = config.HidePassword(strictyaml.Describe(where))
		}
		return s, &strictyaml.Problem{Line: item.Line, Path: item.Path, Text: what + " is not a server (HOST:PORT, or http:// or https:// and a host, in quotes; with more than that as {url: ..., weight: 2, zone: a})"}
	}
	return s, nil
}

// place fills in where a server is, and tells whether it is a server's place.
func place(text string, s *discovery.Server) bool {
	if !strings.Contains(text, "://") {
		if strings.Contains(text, "/") {
			return false
		}
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	s.Address, s.URL = net.JoinHostPort(u.Hostname(), port), u.String()
	return true
}
