package threshold

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Rule{
		"p99>200ms":                    {Metric: "p99", Op: ">", Limit: 200},
		" mean >= 1.5 s ":              {Metric: "mean", Op: ">=", Limit: 1500},
		"max<750us":                    {Metric: "max", Op: "<", Limit: 0.75},
		"p999<=0ms":                    {Metric: "p999", Op: "<=", Limit: 0},
		"errors>0.5%":                  {Metric: "errors", Op: ">", Limit: 0.5},
		"dropped > 0 %":                {Metric: "dropped", Op: ">", Limit: 0},
		"q_factored:p99>200ms":         {Of: "q_factored", Metric: "p99", Op: ">", Limit: 200},
		"random:7:p50>1s":              {Of: "random:7", Metric: "p50", Op: ">", Limit: 1000},
		"slow5x/q_factored: p90 > 2ms": {Of: "slow5x/q_factored", Metric: "p90", Op: ">", Limit: 2},
	} {
		got, err := Parse(text)
		require.NoError(t, err, text)
		got.Text = ""
		require.Equal(t, want, got, text)
	}
}

func TestBadRules(t *testing.T) {
	for text, why := range map[string]string{
		"":                 "want METRIC OP VALUE",
		"p99":              "want METRIC OP VALUE",
		"p99=200ms":        "want METRIC OP VALUE",
		"p98>200ms":        `"p98" cannot be measured (allowed: mean, p50`,
		"p99>200":          `"200" is not a time with us, ms or s`,
		"p99>5%":           `"5%" is not a time`,
		"p99>-5ms":         "not a time",
		"p99>NaNms":        "not a time",
		"p99>Infs":         "not a time",
		"p99>>200ms":       "not a time",
		"p99>200ms,max>1s": "not a time",
		"errors>5ms":       `"5ms" is not a percentage`,
		"errors>1":         "not a percentage",
		":p99>200ms":       "whom is it about?",
	} {
		_, err := Parse(text)
		require.ErrorContains(t, err, why, text)
	}
}

func TestRulesAboutNobody(t *testing.T) {
	rule := func(text string) []Rule {
		r, err := Parse(text)
		require.NoError(t, err)
		return []Rule{r}
	}
	require.NoError(t, Check(rule("p99>1s"), nil))
	require.NoError(t, Check(rule("p2c:p99>1s"), []string{"random", "p2c"}))
	require.ErrorContains(t, Check(rule("p2:p99>1s"), []string{"random", "p2c"}), `called "p2" (there are random, p2c)`)
	require.ErrorContains(t, Check(rule("p2c:p99>1s"), nil), "leave the name out")
}

func TestVerdicts(t *testing.T) {
	good := Numbers{Due: 100, Requests: 100, MeanMS: 50, P50MS: 45, P90MS: 80, P95MS: 90, P99MS: 99.5, P999MS: 120, MaxMS: 130}
	bad := Numbers{Due: 100, Dropped: 1, Requests: 99, Failures: 3, MeanMS: 500, P50MS: 450, P90MS: 800, P95MS: 900, P99MS: 990, P999MS: 1200, MaxMS: 1300}
	dead := Numbers{Due: 100, Requests: 100, Failures: 100}
	subjects := func(n ...Numbers) (out []Subject) {
		for i, n := range n {
			name := fmt.Sprintf("p%d", i+1)
			out = append(out, Subject{Name: "slow5x " + name, By: []string{name, "slow5x", "slow5x/" + name}, Numbers: n})
		}
		return out
	}
	for _, test := range []struct {
		rule string
		of   []Subject
		want string
	}{
		{"p99>200ms", subjects(good), "held   p99>200ms: 99.5 ms (slow5x p1)"},
		{"p99>=99.5ms", subjects(good), "MISSED p99>=99.5ms: 99.5 ms (slow5x p1)"},
		{"p99>99.5ms", subjects(good), "held   p99>99.5ms: 99.5 ms (slow5x p1)"},
		{"p99<99.5ms", subjects(good), "held   p99<99.5ms: 99.5 ms (slow5x p1)"},
		{"p99<=99.5ms", subjects(good), "MISSED p99<=99.5ms: 99.5 ms (slow5x p1)"},
		{"mean>40ms", subjects(good, bad), "MISSED mean>40ms: 500.0 ms (slow5x p2), and 1 more of 2"},
		{"mean<60ms", subjects(good, bad), "MISSED mean<60ms: 50.0 ms (slow5x p1)"},
		{"p1:mean>60ms", subjects(good, bad), "held   p1:mean>60ms: 50.0 ms (slow5x p1)"},
		{"slow5x:mean>60ms", subjects(good, bad), "MISSED slow5x:mean>60ms: 500.0 ms (slow5x p2)"},
		{"slow5x/p2:max>1s", subjects(good, bad), "MISSED slow5x/p2:max>1s: 1300.0 ms (slow5x p2)"},
		{"errors>1%", subjects(good, bad), "MISSED errors>1%: 3.03 % (slow5x p2)"},
		{"errors>5%", subjects(good, bad), "held   errors>5%: 3.03 % (slow5x p2)"},
		{"errors>99%", subjects(dead), "MISSED errors>99%: 100.0 % (slow5x p1)"},
		{"dropped>0%", subjects(good, bad), "MISSED dropped>0%: 1 % (slow5x p2)"},
		// Nothing measured is nothing proved.
		{"p99>200ms", subjects(good, dead), "MISSED p99>200ms: no samples (slow5x p2)"},
		{"p99>200ms", subjects(dead, good), "MISSED p99>200ms: no samples (slow5x p1)"},
		{"errors>1%", subjects(Numbers{}), "MISSED errors>1%: no samples (slow5x p1)"},
		{"dropped>1%", []Subject{{}}, "MISSED dropped>1%: no samples"},
		{"p99>200ms", nil, "MISSED p99>200ms: no samples"},
		{"p3:p99>200ms", subjects(good), "MISSED p3:p99>200ms: no samples"},
	} {
		r, err := Parse(test.rule)
		require.NoError(t, err)
		v := Judge([]Rule{r}, test.of)
		require.Equal(t, test.want, v[0].String())
		require.Equal(t, test.want[0] == 'M', v[0].Missed)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"p99>200ms", "a:b:errors<=5 %", ">", "mean<1s=", "max > 1e3 us"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(fmt.Sprintf("%s%s%s%g%s", r.Of+map[bool]string{true: ":"}[r.Of != ""], r.Metric, r.Op, r.Limit, map[bool]string{true: "%", false: "ms"}[isShare(r.Metric)]))
		require.NoError(t, err)
		again.Text = r.Text
		require.Equal(t, r, again)
	})
}
