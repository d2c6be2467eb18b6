package config

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
	"slbtui/routing/policy/score"
)

func TestPoliciesOfOnesOwn(t *testing.T) {
	c, err := Load(shippedSource(t),
		Source{Name: "a.yaml", Data: []byte("policies:\n  mine: {score: in_flight}\n  zoned:\n    score: |\n      ewma_ms\n      + (id startsWith \"eu-\" ? 0 : 80)\n")},
		Source{Name: "b.yaml", Data: []byte("policies: {mine: {score: in_flight / weight}}\nload_balancer: {policy: mine}")},
		Source{Name: "c.yaml", Data: []byte("policies:\n")})
	require.NoError(t, err)
	require.Equal(t, append(policy.Names(), "mine", "zoned"), c.PolicyNames())
	o := c.PolicyOptions()
	require.NoError(t, o.Check("mine"))
	p, err := policy.New("zoned", o)
	require.NoError(t, err)
	require.Equal(t, "zoned", p.Name())
	require.Equal(t, "the server with the lowest in_flight / weight", o.Own[0].Summary)
	name, line, ok := c.Origin("policies.mine.score")
	require.True(t, ok)
	require.Equal(t, "b.yaml 1", name+" "+string(rune('0'+line)))

	text, err := c.YAML()
	require.NoError(t, err)
	back, err := Load(Source{Name: "back", Data: text})
	require.NoError(t, err, "%s", text)
	require.Equal(t, c.Plain(), back.Plain())
	require.NotContains(t, Default().Values(), "policies")
}

func TestPoliciesOfOnesOwnAreRefusedWithTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"policies: {mine: {score: ewma + 1}}":                               "my.yaml:1:26: policies.mine.score: there is no variable ewma (in_flight,",
		"policies: {mine: {score: \"ewma_ms * mean\"}}":                     "my.yaml:1:37: policies.mine.score: there is no variable mean (",
		"policies:\n  mine:\n    score: 'ewma_ms +'":                        "my.yaml:3:21: policies.mine.score: unexpected token EOF",
		"# ä\npolicies: {mine: {score: 'id == \"ää\" ? 1 : x'}}":            "my.yaml:2:44: policies.mine.score: there is no variable x (",
		"policies:\n  mine:\n    score: |\n      ewma_ms\n      + ewma\n":   "my.yaml:5:9: policies.mine.score: there is no variable ewma (",
		"policies:\n  mine:\n    score: >-\n      ewma_ms\n      + ewma\n":  "my.yaml:3: policies.mine.score: there is no variable ewma (",
		"policies:\n  mine:\n    score: \"\\x65wma\"":                       "my.yaml:3: policies.mine.score: there is no variable ewma (",
		"policies:\n  mine:\n    score: reachable":                          "my.yaml:3:12: policies.mine.score: true or false where a number is needed",
		"policies: {mine: {score: 12}}":                                     "my.yaml:1: policies.mine.score: 12 is not a score (an expression such as in_flight / weight; slbtui policies --variables lists what there is; put it in quotes)",
		"policies: {mine: {score: ''}}":                                     `my.yaml:1: policies.mine.score: "" is not a score (an expression`,
		"policies:\n  mine:":                                                "my.yaml:2: policies.mine.score: missing: it must be a score (",
		"policies:\n  mine: {}":                                             "my.yaml:2: policies.mine.score: missing: it must be a score (",
		"policies: {mine: {score: weight, sort: x}}":                        "my.yaml:1: policies.mine.sort: unknown key (allowed: score",
		"policies:\n  mine: in_flight":                                      `my.yaml:2: policies.mine: "in_flight" is not a mapping (allowed: score)`,
		"policies: [mine]":                                                  "my.yaml:1: policies: a list is not a mapping (names of policies of your own, each with a score)",
		"policies:\n  p2c: {score: weight}":                                 `my.yaml:2: policies.p2c: "p2c" is a built-in policy (choose another name)`,
		"policies: {outside: {score: weight}}":                              `my.yaml:1: policies.outside: "outside" means something else in reports (choose another name)`,
		"policies: {My Own: {score: weight}}":                               `my.yaml:1: policies."My Own": "My Own" is not a name for a policy (`,
		"policies: {a: {score: weight},\n a: {score: weight}}":              "my.yaml:2: policies.a: given twice (first on line 1)",
		"policies: {a: &x {score: weight}, b: *x}":                          "my.yaml:1: policies.b: an alias is not a mapping",
		"policies: {a: {score: weight}}\nload_balancer: {policy: b}":        `my.yaml:2: load_balancer.policy: "b" is not a policy (` + strings.Join(policy.Names(), ", ") + ", a)",
		"policies: {mine: {score: \"1 + '\\u202e'\"}}":                      "my.yaml:1: policies.mine.score: a character that cannot be printed (line 1, column 6 of the expression)",
		"policies: {mine: {score: \"" + strings.Repeat("1+", 500) + "1\"}}": "my.yaml:1:27: policies.mine.score: 1001 bytes (at most 1000)",
	} {
		_, err := mine(t, text)
		require.Error(t, err, text)
		require.True(t, strings.HasPrefix(err.Error(), want), "%s\n%s\n%s", text, err, want)
		require.NotContains(t, err.Error(), "\n", text)
	}
}

// What docs/policies.md shows can be used as it is.
func TestDocumentedPoliciesLoad(t *testing.T) {
	page, err := os.ReadFile("../../docs/policies.md")
	require.NoError(t, err)
	blocks := strings.Split(string(page), "```yaml config\n")[1:]
	require.Len(t, blocks, 2)
	for _, block := range blocks {
		text, _, _ := strings.Cut(block, "```")
		c, err := mine(t, text)
		require.NoError(t, err)
		require.Len(t, c.PolicyOptions().Own, strings.Count(text, "score:"))
	}
	for _, v := range score.Variables() {
		require.Contains(t, string(page), "| `"+v.Name+"` |")
	}
}

func TestValidateOfPoliciesMadeByHand(t *testing.T) {
	c := Default()
	c.Policies = map[string]OwnPolicy{"random": {Score: "weight"}, "mine": {Score: "wait"}}
	require.ErrorContains(t, c.Validate(), `policies.random: "random" is a built-in policy`)
	require.ErrorContains(t, c.Validate(), "policies.mine.score: there is no variable wait")
	require.Error(t, c.PolicyOptions().Check("mine"), "it cannot be made")
}
