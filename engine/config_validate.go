package engine

import (
	"fmt"
	"net"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// Validate checks every value and how they fit together. Its error is that of LoadConfig: a line per
// problem, with file and line where the value still is the one that LoadConfig read.
func (c Config) Validate() error { return joinProblems(c.problems(rules())) }

var index = regexp.MustCompile(`\[\d+\]`)

// problems finds all that is wrong with the merged configuration.
func (c Config) problems(rules map[string]rule) []problem {
	k := checker{cfg: c, bad: map[string]bool{}}
	walk(reflect.ValueOf(c), "", func(path string, v reflect.Value) {
		r := rules[index.ReplaceAllString(path, "[]")]
		if value := v.Interface(); !k.exempt(path) && !r.ok(value) {
			k.bad[path] = true
			k.at(path, value, k.complaint(path, value, r))
		}
	})
	k.servers()
	k.addresses()
	k.thresholds("state_encoding.cpu_thresholds", c.StateEncoding.CPU.Low, c.StateEncoding.CPU.Medium)
	k.thresholds("state_encoding.active_requests_thresholds", c.StateEncoding.ActiveRequests.Low, c.StateEncoding.ActiveRequests.Medium)
	k.thresholds("state_encoding.response_time_thresholds_ms", c.StateEncoding.ResponseTimeMS.Low, c.StateEncoding.ResponseTimeMS.Medium)
	if lo, hi := c.Reward.MinLatencyMS, c.Reward.MaxLatencyMS; !(hi > lo) {
		k.pair("reward.max_latency_ms", hi, "reward.min_latency_ms", lo, "is not above")
	}
	return k.problems
}

// checker collects the problems of one configuration.
type checker struct {
	cfg      Config
	bad      map[string]bool // values that are wrong by themselves: no use comparing them
	problems []problem
}

// at adds a problem with the line of its key; a key left out has its parent's.
func (k *checker) at(path string, value any, text string) {
	p := problem{source: len(k.cfg.origins), path: path, text: text} // after all files: not from one
	o, ok := k.cfg.origins[path]
	if ok && o.source < 0 && o.value == value {
		o, ok = k.cfg.origins[path[:max(0, strings.LastIndexByte(path, '.'))]]
		ok = ok && o.source >= 0
	} else {
		ok = ok && o.value == value
	}
	if ok {
		p.source, p.name, p.line = o.source, o.name, o.line
	}
	k.problems = append(k.problems, p)
}

func (k *checker) complaint(path string, value any, r rule) string {
	if o, ok := k.cfg.origins[path]; ok && o.source < 0 && o.value == value {
		return fmt.Sprintf("missing: it must be %s (%s)", r.is, r.allowed)
	}
	return fmt.Sprintf("%s is not %s (%s)", shown(value), r.is, r.allowed)
}

// exempt tells whether path is a key that a server with a url does without.
func (k *checker) exempt(path string) bool {
	var i int
	var key string
	if n, _ := fmt.Sscanf(path, "servers[%d].%s", &i, &key); n != 2 || k.cfg.Servers[i].URL == "" {
		return false
	}
	return key != "id" && key != "url" && key != "weight"
}

func (k *checker) servers() {
	if len(k.cfg.Servers) == 0 {
		k.at("servers", nil, "0 servers (1 or more)")
	}
	first := map[string]int{}
	for i, s := range k.cfg.Servers {
		path := fmt.Sprintf("servers[%d]", i)
		if j, taken := first[s.ID]; taken && s.ID != "" {
			k.at(path+".id", s.ID, fmt.Sprintf("%s is the id of servers[%d] already (each server needs its own)", shown(s.ID), j))
		} else {
			first[s.ID] = i
		}
		if s.URL == "" {
			continue
		}
		for key, v := range fields(reflect.ValueOf(s)) {
			at, value := join(path, key), v.Interface()
			o, known := k.cfg.origins[at]
			given := known && o.source >= 0 && o.value == value
			if k.exempt(at) && (given || !v.IsZero()) {
				k.at(at, value, "not together with url (a server with a url has id, url and weight)")
			}
		}
	}
}

// addresses finds two listeners, or two servers, in one place.
func (k *checker) addresses() {
	lb := k.cfg.LoadBalancer
	taken := []place{{path: "load_balancer.port", host: lb.Host, port: lb.Port}}
	byPort := map[int][]place{lb.Port: taken}
	for i, s := range k.cfg.Servers {
		p := placeOf(s, fmt.Sprintf("servers[%d]", i))
		if p.port == 0 || k.bad[p.key()] {
			continue
		}
		for _, other := range byPort[p.port] {
			// A server elsewhere may be where our own balancer would be: serve --listen moves that.
			if p.clashes(other) && (p.url == "" || other.path != "load_balancer.port") {
				k.clash(p, other)
				break
			}
		}
		byPort[p.port] = append(byPort[p.port], p)
	}
}

// clash blames the user's key rather than a built-in one.
func (k *checker) clash(p, other place) {
	if k.cfg.origins != nil && k.cfg.BuiltIn(p.key()) && !k.cfg.BuiltIn(other.key()) {
		p, other = other, p
	}
	value := any(p.port)
	if p.url != "" {
		value = p.url
	}
	k.at(p.key(), value, fmt.Sprintf("%s is taken by %s (each needs its own host and port; port 0 takes a free one)", shown(value), other.key()))
}

// place is where a server or the balancer is reached.
type place struct {
	path string // of its configuration: a server, or the balancer's port
	url  string // of a server elsewhere
	host string
	port int
	base string // path of its url: two of them may share a host and port
}

func placeOf(s ServerConfig, path string) place {
	if s.URL == "" {
		return place{path: path, host: s.Host, port: s.Port}
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return place{path: path, url: s.URL}
	}
	p := place{path: path, url: s.URL, host: u.Hostname(), base: strings.TrimSuffix(u.Path, "/")}
	switch p.port, _ = strconv.Atoi(u.Port()); {
	case p.port == 0 && u.Scheme == "https":
		p.port = 443
	case p.port == 0:
		p.port = 80
	}
	return p
}

// key is the path of the key that decides on the place.
func (p place) key() string {
	switch {
	case strings.HasSuffix(p.path, ".port"):
		return p.path
	case p.url != "":
		return p.path + ".url"
	}
	return p.path + ".port"
}

func (p place) clashes(o place) bool {
	if p.port != o.port || p.base != o.base {
		return false
	}
	a, b := canonical(p.host), canonical(o.host)
	wild := func(host string) bool { return host == "0.0.0.0" || host == "::" }
	return a == b || (p.url == "" && o.url == "" && (wild(a) || wild(b)))
}

// canonical makes the spellings of one host equal.
func canonical(host string) string {
	if strings.EqualFold(host, "localhost") {
		return "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip != nil {
		return ip.String()
	}
	return strings.ToLower(host)
}

func (k *checker) thresholds(path string, low, medium float64) {
	if !(low <= medium) {
		k.pair(path+".medium", medium, path+".low", low, "is below")
	}
}

// pair complains about two values that don't fit together, at the later of the two in the files.
func (k *checker) pair(path string, value float64, other string, than float64, how string) {
	if !k.bad[path] && !k.bad[other] {
		k.at(path, value, fmt.Sprintf("%s %s %s, which is %s", shown(value), how, other, shown(than)))
	}
}
