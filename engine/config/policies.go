package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"slbtui/engine/strictyaml"
	"slbtui/routing/policy"
	"slbtui/routing/policy/score"
)

// OwnPolicy is a policy that people write themselves.
type OwnPolicy struct {
	Score string `yaml:"score"` // expression of package score; the server with the lowest gets the request
}

// ReservedNames are names that others than the built-in policies bear in reports.
var ReservedNames = []string{"greedy_clairvoyant", "social_clairvoyant", "outside"}

var policyName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// policyNameProblem says what is wrong with the name of an own policy, "" for nothing.
func policyNameProblem(name string) string {
	switch {
	case !policyName.MatchString(name):
		return fmt.Sprintf("%.60q is not a name for a policy (1 to 40 lower-case letters, digits and _, beginning with a letter)", name)
	case slices.Contains(policy.Names(), name):
		return fmt.Sprintf("%q is a built-in policy (choose another name)", name)
	case slices.Contains(ReservedNames, name):
		return fmt.Sprintf("%q means something else in reports (choose another name)", name)
	}
	return ""
}

func scoreRule() rule {
	return rule{"a score", "an expression such as in_flight / weight; slbtui policies --variables lists what there is",
		func(v any) bool { return v.(string) != "" }}
}

// decodePolicies merges by name, and by key within a policy.
func (l *loader) decodePolicies(node *yaml.Node, path string) {
	switch {
	case strictyaml.IsNull(node):
		return
	case node.Kind != yaml.MappingNode:
		l.reject(node.Line, path, strictyaml.Describe(node)+" is not a mapping (names of policies of your own, each with a score)")
		return
	}
	var names []string
	for i := 0; i+1 < len(node.Content); i += 2 {
		names = append(names, node.Content[i].Value) // any name will do
	}
	merged := map[string]OwnPolicy{}
	maps.Copy(merged, l.cfg.Policies)
	for f, problem := range strictyaml.Mapping(node, path, names) {
		if problem != nil {
			l.report(problem)
			continue
		}
		if text := policyNameProblem(f.Key); text != "" {
			l.reject(f.Line, f.Path, text)
			continue
		}
		own := merged[f.Key]
		l.decodePolicy(f, &own)
		merged[f.Key] = own
	}
	if len(merged) > 0 {
		l.cfg.Policies = merged
	}
}

func (l *loader) decodePolicy(policy strictyaml.Field, own *OwnPolicy) {
	at := strictyaml.Join(policy.Path, "score")
	if _, given := l.origins[at]; !given {
		l.origins[at] = origin{source: -1, value: ""}
	}
	l.record(policy.Line, policy.Path, nil)
	if strictyaml.IsNull(policy.Value) {
		return // Validate says what is missing
	}
	for f, problem := range strictyaml.Mapping(policy.Value, policy.Path, keysOf(reflect.TypeFor[OwnPolicy]())) {
		if problem != nil {
			l.report(problem)
			continue
		}
		l.decode(f.Value, reflect.ValueOf(&own.Score).Elem(), f.Path, "policies.mine.score")
		if o := l.origins[at]; o.source == l.source {
			o.within = within(l.data, f.Value)
			l.origins[at] = o
		}
	}
}

// policies checks those of one's own.
func (k *checker) policies() {
	for _, name := range slices.Sorted(maps.Keys(k.cfg.Policies)) {
		path, own := "policies."+name, k.cfg.Policies[name].Score
		if text := policyNameProblem(name); text != "" {
			k.at(path, nil, text)
		}
		k.value(path+".score", "policies.mine.score", own)
		_, err := score.Compile(own)
		if wrong := (*score.Error)(nil); errors.As(err, &wrong) && own != "" {
			k.within(path+".score", own, wrong)
		}
	}
}

// within adds a problem with a part of a text, with the line and column of that part.
func (k *checker) within(path, text string, e *score.Error) {
	k.at(path, text, e.Text)
	p, o := &k.problems[len(k.problems)-1], k.cfg.origins[path]
	if o.within != nil && p.Line == o.line && p.Line > 0 {
		if line, column, ok := o.within(e.Line, e.Column); ok {
			p.Line, p.column = line, column
			return
		}
	}
	p.Text = fmt.Sprintf("%s (line %d, column %d of the expression)", e.Text, e.Line, e.Column)
}

// PolicyNames lists all policies that the configuration knows: the built-in ones, then its own in alphabetical order.
func (c Config) PolicyNames() []string {
	return append(policy.Names(), slices.Sorted(maps.Keys(c.Policies))...)
}

// ownPolicies are those of one's own. One that does not compile, of which Validate tells, is left out.
func (c Config) ownPolicies() (specs []policy.Spec) {
	for _, name := range slices.Sorted(maps.Keys(c.Policies)) {
		if e, err := score.Compile(c.Policies[name].Score); err == nil {
			specs = append(specs, e.Spec(name))
		}
	}
	return specs
}
