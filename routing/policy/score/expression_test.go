package score

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/routing/policy"
)

// at is what a score says of a server that has answered once, after 40 ms, and is looked at a half-life later.
func at(t *testing.T, text string) float64 {
	t.Helper()
	e, err := Compile(text)
	require.NoError(t, err, text)
	seen := record{picked: time.Second}
	seen.add(policy.Outcome{Now: 2 * time.Second, Latency: 40 * time.Millisecond, Status: 200})
	return e.score(&sight{now: 7 * time.Second, seen: &seen, id: "eu-1", view: &policy.ServerView{
		InFlight: 3, OldestAge: 250 * time.Millisecond, Available: true, Reachable: true, CPU: -1, ResponseMS: 30, Weight: 2,
	}})
}

func TestExpressions(t *testing.T) {
	for text, want := range map[string]float64{
		"1": 1, "1.5e2": 150, "-2": -2, "+2": 2, "7 / 2": 3.5, "2 ** 3 ^ 2": 512, "2 + 3 * 4": 14, "(2 + 3) * 4": 20, "1 - 2 - 3": -4,
		"in_flight": 3, "oldest_age_ms": 250, "cpu": -1, "weight": 2, "response_ms": 30, "since_ms": 6000,
		"ewma_ms": 20, "peak_ms": 20, "failure_rate": 0,
		"ewma_ms * (in_flight + 1) + 2000 * failure_rate": 80,
		"min(4, 2, 3)": 2, "max(4, 5.5)": 5.5, "abs(-3)": 3, "sqrt(16)": 4, "exp(0)": 1, "log(1)": 0, "floor(1.7)": 1, "ceil(1.2)": 2, "round(1.5)": 2,
		"in_flight > 2 ? 1 : 0": 1, "in_flight >= 4 ? 1 : 0": 0, "not reachable ? 1 : 2": 2, "!reachable || in_flight == 3 ? 1 : 2": 1,
		"(reachable and in_flight < 3) != (1 <= 0) ? 1 : 2": 2, "reachable == true ? 1 : 2": 1, "1 != 1 ? 1 : 2": 2,
		`id == "eu-1" ? 1 : 2`: 1, `id != "eu-1" ? 1 : 2`: 2, `id startsWith "eu-" ? 0 : 80`: 0, `id endsWith "2" ? 1 : 2`: 2, `id contains "u-" ? 1 : 2`: 1,
		`not (id startsWith "us-") ? 1 : 2`: 1, `id not startsWith "us-" ? 1 : 2`: 1,
		`(reachable ? id : "x") == "eu-1" ? 1 : 2`: 1, "(reachable ? false : true) ? 1 : 2": 2, "if reachable { 1 } else { 2 }": 1,
		"1 < 2 and 2 < 1 ? 1 : 2": 2, "1 +\n\t2 // a comment": 3, "true ? 1 : 0": 1,
	} {
		require.InDelta(t, want, at(t, text), 1e-9, text)
	}
	require.True(t, math.IsNaN(at(t, "log(-1)")))
	require.True(t, math.IsInf(at(t, "1 / 0"), 1))
}

func TestErrorsSayWhere(t *testing.T) {
	variables := "id)"
	for text, want := range map[string]string{
		"":                        "1:1: an empty expression",
		" \n":                     "1:1: an empty expression",
		strings.Repeat("1", 1001): "1:1: 1001 bytes (at most 1000)",
		"1 + \x1b[31m":            "1:5: a character that cannot be printed",
		"1 +\n\n  \u202e":         "3:3: a character that cannot be printed",
		"1 +":                     "1:3: unexpected token EOF",
		"ewma":                    "1:1: there is no variable ewma (in_flight, oldest_age_ms, ",
		"1 +\n  ewma * 2":         "2:3: there is no variable ewma (",
		"ewma_ms + reachable":     "1:9: + is not for a number and true or false",
		"id * 2":                  "1:4: * is not for a text and a number",
		"id < id":                 "1:4: < is not for a text and a text",
		"reachable":               "1:1: true or false where a number is needed",
		"id":                      "1:1: a text where a number is needed",
		"-id":                     "1:2: a text where a number is needed",
		"1 ? 2 : 3":               "1:1: a number where true or false is needed",
		"not 1 ? 2 : 3":           "1:5: a number where true or false is needed",
		`reachable ? 1 : "a"`:     "1:17: a text where the other case is a number",
		"sin(1)":                  "1:1: there is no such function (min, max, abs",
		"abs(1, 2)":               "1:1: 2 arguments for abs(x)",
		"min(1)":                  "1:1: 1 arguments for min(a, b, ...)",
		"abs(id)":                 "1:5: a text where a number is needed",
		"len(id)":                 "1:1: there is no such function (",
		"filter([1], # > 0)":      "1:1: there is no function filter (",
		"1 % 2":                   "1:3: % is not for a number and a number",
		"1..10":                   "1:2: .. is not for a number and a number",
		"[1, 2]":                  "1:1: this is not for scores: they have numbers, variables",
		"{a: 1}":                  "1:1: this is not for scores",
		"nil":                     "1:1: this is not for scores",
		"let x = 1; x":            "1:5: this is not for scores",
		"1; 2":                    "1:1: this is not for scores",
		"id.length":               "1:4: this is not for scores",
		"in_flight[0]":            "1:10: this is not for scores",
		`id matches "("`:          "1:4: matches is not for a text and a text",
		"id in [id]":              "1:7: this is not for scores",
		"99999999999999999999":    "1:20: invalid integer literal",
		strings.Repeat("(", 20) + "true" + strings.Repeat("?:true)", 20) + "?1:0": "1:21: too many parts (at most 1000)",
		"now()":                        "1:1: there is no such function (",
		"env":                          "1:1: there is no variable env (",
		"$env":                         "1:1: there is no variable $env (",
		"(" + strings.Repeat("(", 900): "1:901: unexpected token EOF",
	} {
		_, err := Compile(text)
		var where *Error
		require.True(t, errors.As(err, &where), text)

		require.True(t, strings.HasPrefix(err.Error(), want), "%s: %s", text, err)
	}
	_, err := Compile("ewma")
	require.True(t, strings.HasSuffix(err.Error(), variables))
}

func TestWhatIsListedCanBeUsed(t *testing.T) {
	for _, v := range Variables() {
		require.NotEmpty(t, v.Meaning, v.Name)
		e, err := Compile(v.Name + " == " + v.Name + " ? 1 : 2")
		require.NoError(t, err)
		require.True(t, e.Reads("nothing", v.Name))
		require.False(t, e.Reads("nothing"))
	}
	for _, f := range Functions() {
		_, err := Compile(strings.NewReplacer("a, b, ...", "1, 2, 3", "x)", "1)").Replace(f.Form))
		require.NoError(t, err, f.Form)
	}
}

// FuzzExpression: an expression is refused with a place in it, or scores any server without a panic.
func FuzzExpression(f *testing.F) {
	for _, text := range []string{
		"ewma_ms * (in_flight + 1) + 2000 * failure_rate", "id startsWith \"a\" ? min(1, cpu) : 2 ** -weight", "if reachable { 1 } else { 2 }",
		"let x = 1; x", "filter([1], # > 0)", "{a: 1}.a", "1 | abs()", "not not reachable ? 1 : nil ?? 2", "map(1..9, #)", "`x`", "\"\\u{1F600}\"", "1 + \n", "a?.b[1:2]",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Compile(text)
		if err != nil {
			var where *Error
			require.True(t, errors.As(err, &where))
			require.GreaterOrEqual(t, where.Line, 1)
			require.LessOrEqual(t, where.Line, 1+strings.Count(text, "\n"))
			require.GreaterOrEqual(t, where.Column, 1)
			return
		}
		p := e.Spec("mine").New(policy.Options{Servers: []policy.ServerInfo{{ID: "a"}, {ID: "b"}}})
		view := policy.View{Servers: []policy.ServerView{{Available: true, CPU: -1, Weight: 1}, {Available: true, CPU: 50, Weight: 2, InFlight: 3}}}
		for range 5 {
			server, token := p.Pick(view)
			require.Contains(t, []int{0, 1}, server)
			view.Now += time.Second
			p.Done(token, policy.Outcome{Now: view.Now, Latency: time.Second, Status: 500 * server})
		}
	})
}
