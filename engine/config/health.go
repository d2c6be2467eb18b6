package config

import (
	"fmt"
	"maps"
	"net/textproto"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"slbtui/engine/strictyaml"
	"slbtui/routing"
)

// difference is where a server differs from what holds for all, which is known when all layers are read.
type difference struct {
	layerNow
	node *yaml.Node
	path string
	to   reflect.Value // a *routing.HealthConfig
}

// ownHealth makes the health of those servers whose polls differ from those of the others.
func (l *loader) ownHealth() {
	for _, d := range l.differs {
		own := l.cfg.Health
		own.Headers, own.Status = maps.Clone(own.Headers), slices.Clone(own.Status)
		l.layerNow = d.layerNow
		l.decodeStruct(d.node, reflect.ValueOf(&own).Elem(), d.path, "health")
		d.to.Set(reflect.ValueOf(&own))
	}
}

// decodeHeaders merges by name.
func (l *loader) decodeHeaders(node *yaml.Node, v reflect.Value, path, pattern string) {
	if strictyaml.IsNull(node) {
		return
	}
	if node.Kind != yaml.MappingNode {
		l.reject(node.Line, path, strictyaml.Describe(node)+" is not a mapping (names of headers, each with its text)")
		return
	}
	var names []string
	for i := 0; i+1 < len(node.Content); i += 2 {
		names = append(names, node.Content[i].Value) // any name will do
	}
	merged := map[string]string{}
	maps.Copy(merged, v.Interface().(map[string]string))
	for f, problem := range strictyaml.Mapping(node, path, names) {
		if problem != nil {
			l.report(problem)
			continue
		}
		if problem := headerProblem(path, f.Key); problem != "" {
			l.reject(f.Line, f.Path, problem)
			continue
		}
		var text string
		l.decode(f.Value, reflect.ValueOf(&text).Elem(), f.Path, pattern+".mine")
		merged[f.Key] = text
	}
	v.Set(reflect.ValueOf(merged))
}

// healthRules are those of the keys of health, for all servers and for one.
func healthRules() map[string]rule {
	return map[string]rule{
		"health.path":         text("a path", `"" or beginning with /`, func(s string) bool { return s == "" || s[0] == '/' && !strings.HasPrefix(s, "//") }),
		"health.host":         text("a host", `"", or a name or an IP address, with or without a port`, func(s string) bool { return s == "" || isHost(s) || IsHostPort(s) }),
		"health.headers.mine": text("the text of a header", "printable", func(string) bool { return true }),
		"health.status[]":     text("a status", "one such as 204, or a range such as 200-299", isStatus),
		"health.port":         between("a port", 0, 65535),
		"health.interval": {"a duration", "0s, or 50ms to 1h, with a unit", func(v any) bool {
			d := v.(time.Duration)
			return d == 0 || d >= 50*time.Millisecond && d <= time.Hour
		}},
		"health.timeout": {"a duration", "above 0, with a unit, such as 2s or 500ms", func(v any) bool { return v.(time.Duration) > 0 }},
		"health.rise":    between("a number of polls", 1, 1000),
		"health.fall":    between("a number of polls", 1, 1000),
	}
}

func isStatus(s string) bool {
	_, _, err := routing.StatusRange(s).Bounds()
	return err == nil
}

var headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$")

// headerProblem says what is wrong with the name of a header at a path, "" for nothing.
func headerProblem(path, name string) string {
	switch {
	case !headerName.MatchString(name):
		return fmt.Sprintf("%.60q is not the name of a header (letters, digits and -)", name)
	case textproto.CanonicalMIMEHeaderKey(name) == "Host":
		return "not a header of one's own (say " + strings.TrimSuffix(path, "headers") + "host)"
	}
	return ""
}

// health checks how servers are polled, at a path such as health or servers[1].health.
func (k *checker) health(path string, h routing.HealthConfig) {
	walk(reflect.ValueOf(h), path, func(at string, v reflect.Value) {
		pattern := "health" + index.ReplaceAllString(strings.TrimPrefix(at, path), "[]")
		if strings.HasPrefix(pattern, "health.headers.") {
			pattern = "health.headers.mine"
		}
		k.value(at, pattern, v.Interface())
	})
	for _, name := range slices.Sorted(maps.Keys(h.Headers)) {
		if problem := headerProblem(path+".headers", name); problem != "" {
			k.at(strictyaml.Join(path+".headers", name), h.Headers[name], problem)
		}
	}
	if len(h.Status) == 0 {
		k.at(path+".status", nil, "no status would be good (say which, such as [200-299])")
	}
}

// hideHeaders is h with the names of its headers alone: their texts may be secret.
func hideHeaders(h routing.HealthConfig) routing.HealthConfig {
	hidden := make(map[string]string, len(h.Headers))
	for name := range h.Headers {
		hidden[name] = "..."
	}
	h.Headers = hidden
	return h
}
