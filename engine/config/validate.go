package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"slbtui/engine/strictyaml"
)

// Validate checks every value and how they fit together. Its error is that of Load: a line per
// problem, with file and line where the value still is the one that Load read.
func (c Config) Validate() error { return joinProblems(c.problems(rules())) }

// index is that of a list in a key path.
var index = regexp.MustCompile(`\[\d+\]`)

// problems finds all that is wrong with the merged configuration.
func (c Config) problems(rules map[string]rule) []problem {
	k := checker{cfg: c, rules: rules, bad: map[string]bool{}}
	rest := c
	rest.Servers, rest.Policies = nil, nil
	rules["load_balancer.policy"] = oneOf("a policy", c.PolicyNames())
	walk(reflect.ValueOf(rest), "", func(path string, v reflect.Value) {
		if !strings.HasPrefix(path, "health.") {
			k.value(path, index.ReplaceAllString(path, "[]"), v.Interface())
		}
	})
	k.servers()
	k.discovery()
	k.health("health", c.Health)
	k.policies()
	k.edge()
	k.cluster()
	k.addresses()
	k.thresholds("state_encoding.cpu_thresholds", c.StateEncoding.CPU.Low, c.StateEncoding.CPU.Medium)
	k.thresholds("state_encoding.active_requests_thresholds", c.StateEncoding.ActiveRequests.Low, c.StateEncoding.ActiveRequests.Medium)
	k.thresholds("state_encoding.response_time_thresholds_ms", c.StateEncoding.ResponseTimeMS.Low, c.StateEncoding.ResponseTimeMS.Medium)
	if lo, hi := c.Reward.MinLatencyMS, c.Reward.MaxLatencyMS; !(hi > lo) {
		k.pair("reward.max_latency_ms", hi, "reward.min_latency_ms", lo, "is not above")
	}
	k.ejections()
	k.network()
	return k.problems
}

// checker collects the problems of one configuration.
type checker struct {
	cfg      Config
	rules    map[string]rule
	bad      map[string]bool // values that are wrong by themselves: no use comparing them
	problems []problem
}

// at adds a problem with the line of its key; a key left out has its parent's.
func (k *checker) at(path string, value any, text string) {
	p := problem{source: len(k.cfg.origins), Problem: strictyaml.Problem{Path: path, Text: text}} // after all files: not from one
	o, ok := k.cfg.origins[path]
	if ok && o.source < 0 && o.value == value {
		o, ok = k.cfg.origins[path[:max(0, strings.LastIndexByte(path, '.'))]]
		ok = ok && o.source >= 0
	} else {
		ok = ok && o.value == value
	}
	if ok {
		p.source, p.name, p.Line = o.source, o.name, o.line
	}
	k.problems = append(k.problems, p)
}

// value checks one value by itself, against the rule of its pattern.
func (k *checker) value(path, pattern string, value any) {
	r, known := k.rules[pattern]
	if !known {
		panic("engine/config/rules.go has no rule for the key " + pattern) // every test of the package finds it
	}
	if r.ok(value) {
		return
	}
	k.bad[path] = true
	if o, ok := k.cfg.origins[path]; ok && o.source < 0 && o.value == value {
		k.at(path, value, fmt.Sprintf("missing: it must be %s (%s)", r.is, r.allowed))
		return
	}
	k.at(path, value, fmt.Sprintf("%s is not %s (%s)", shown(value), r.is, r.allowed))
}

func (k *checker) servers() {
	if len(k.cfg.Servers) == 0 && !k.cfg.Discovery.On() {
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
		for key, v := range fields(reflect.ValueOf(s)) {
			at, value := strictyaml.Join(path, key), v.Interface()
			switch {
			case key == "health":
				if s.Health != nil {
					k.health(at, *s.Health)
				}
			case s.URL == "" || key == "id" || key == "url" || key == "weight" || key == "zone":
				k.value(at, "servers[]."+key, value)
			case k.given(at, value) || !v.IsZero():
				k.at(at, value, "not together with url (a server with a url has id, url, weight, zone and health)")
			}
		}
	}
}

// given tells whether a file holds the value, were it a zero.
func (k *checker) given(path string, value any) bool {
	o, known := k.cfg.origins[path]
	return known && o.source >= 0 && o.value == value
}

// ejections blames the one of the two times that the user wrote.
func (k *checker) ejections() {
	const base, longest = "outlier.base_ejection", "outlier.max_ejection"
	first, most := k.cfg.Outlier.BaseEjection, k.cfg.Outlier.MaxEjection
	switch {
	case most >= first || k.bad[base] || k.bad[longest]:
	case k.cfg.BuiltIn(longest) && !k.cfg.BuiltIn(base):
		k.at(base, first, fmt.Sprintf("%v is above %s, which is %v", first, longest, most))
	default:
		k.at(longest, most, fmt.Sprintf("%v is below %s, which is %v", most, base, first))
	}
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
