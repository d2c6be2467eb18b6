package strictyaml

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func top(t *testing.T, text string) *yaml.Node {
	t.Helper()
	node, p := Root([]byte(text))
	require.Nil(t, p)
	return node
}

func TestRoot(t *testing.T) {
	for text, line := range map[string]int{"": 1, "# a\n# b\n": 1, "~": 1, "\n\n~": 3} {
		node := top(t, text)
		require.True(t, IsNull(node), text)
		require.Equal(t, line, node.Line, text)
	}
	require.Equal(t, yaml.MappingNode, top(t, "a: 1").Kind)

	node, p := Root([]byte("a:\n  b: c: d"))
	require.Nil(t, node)
	require.Equal(t, &Problem{Line: 2, Text: "not YAML: mapping values are not allowed in this context"}, p)

	node, p = Root([]byte("a: 1\n---\nb: 2"))
	require.Equal(t, yaml.MappingNode, node.Kind, "the first can be read all the same")
	require.Equal(t, &Problem{Line: 2, Text: "a second YAML document (one per file)"}, p)
}

func TestMapping(t *testing.T) {
	known := []string{"port", "host"}
	read := func(text string) (good, bad []string) {
		for f, p := range Mapping(top(t, text), "servers[1]", known) {
			if p != nil {
				bad = append(bad, p.Error())
				continue
			}
			good = append(good, f.Path+" = "+Describe(f.Value))
		}
		return good, bad
	}
	good, bad := read("host: a\nport: 80\nprot: 81\nport: 82\n'': 1\n[x]: 2\n")
	require.Equal(t, []string{`servers[1].host = "a"`, "servers[1].port = 80"}, good)
	require.Equal(t, []string{
		"servers[1].prot: unknown key (allowed: port, host; did you mean port?)",
		"servers[1].port: given twice (first on line 2)",
		`servers[1]."": unknown key (allowed: port, host)`,
		"servers[1].a list: unknown key (allowed: port, host)",
	}, bad)

	good, bad = read("- 1")
	require.Empty(t, good)
	require.Equal(t, []string{"servers[1]: a list is not a mapping (allowed: port, host)"}, bad)
	for f := range Mapping(top(t, "port: 1\nhost: a"), "", known) {
		require.Equal(t, "port", f.Path)
		break // the rest is not looked at
	}
}

func TestList(t *testing.T) {
	items, p := List(top(t, "\n- a\n- b\n"), "servers")
	require.Nil(t, p)
	require.Len(t, items, 2)
	require.Equal(t, "servers[1]", items[1].Path)
	require.Equal(t, 3, items[1].Line)
	_, p = List(top(t, "{a: 1}"), "servers")
	require.EqualError(t, p, "servers: a mapping is not a list (items beginning with -)")
}

func TestDidYouMean(t *testing.T) {
	known := []string{"id", "request_rate", "rate"}
	for typed, want := range map[string]string{
		"request-rate": "; did you mean request_rate?", "reqest_rat": "; did you mean request_rate?", "rats": "; did you mean rate?",
		"xx": "", "colour": "", strings.Repeat("x", 1000): "",
	} {
		require.Equal(t, want, didYouMean(typed, known), typed)
	}
}
