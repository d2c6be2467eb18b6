package factored

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn"
)

var abc = []string{"a", "b", "c"}

func saved(t testing.TB) (*Learner, string) {
	f, _, _ := warm(3)
	var b bytes.Buffer
	require.NoError(t, f.Save(&b, abc))
	return f, b.String()
}

func TestStoreIsExact(t *testing.T) {
	f, text := saved(t)
	g := newLearner(3)
	require.NoError(t, g.Load(strings.NewReader(text), abc))
	var again bytes.Buffer
	require.NoError(t, g.Save(&again, abc))
	require.Equal(t, text, again.String())
	for i := range f.servers {
		for b := range levels {
			require.InEpsilon(t, f.servers[i].value[b].cell, g.servers[i].value[b].cell, 0.05)
		}
	}
	require.Equal(t, unused(f.Table(0).Rows), g.Table(0).Rows)
}

func TestStoreRefusesDamage(t *testing.T) {
	_, text := saved(t)
	swap := func(old, new string) string { return strings.Replace(text, old, new, 1) }
	for name, c := range map[string]struct {
		text    string
		servers []string
		want    string
	}{
		"truncated":      {text[:len(text)/2], abc, "damaged"},
		"empty":          {"", abc, "damaged"},
		"other program":  {`{"q_table": {}}`, abc, "damaged"},
		"other version":  {swap(`"version": 2`, `"version": 3`), abc, "version 3"},
		"other servers":  {text, []string{"a", "b", "d"}, "same servers"},
		"fewer servers":  {text, []string{"a", "b"}, "same servers"},
		"negative visit": {swap(`"visits": [`, `"visits": [-1,`), abc, "damaged"},
		"one more cell":  {swap(`"visits": [`, `"visits": [1,`), abc, "25 visits"},
		"balancers":      {swap(`"balancers": 1`, `"balancers": 0`), abc, "among 0 balancers"},
		"bias":           {swap(`"bias": -0`, `"bias": -900`), abc, "bias"},
		"spread":         {swap(`"spread": 0`, `"spread": 900`), abc, "spread"},
		"mean":           {swap(`"mean_ms": [`, `"mean_ms": [1e99,`), abc, "damaged"},
		"trailing":       {text + "{}", abc, "something follows"},
		"huge":           {text + strings.Repeat(" ", maxStoreBytes), abc, "larger than"},
	} {
		t.Run(name, func(t *testing.T) {
			f, _, _ := warm(3)
			before := f.Table(0)
			require.ErrorContains(t, f.Load(strings.NewReader(c.text), c.servers), c.want)
			require.Equal(t, before, f.Table(0))
		})
	}
	require.Error(t, newLearner(2).Save(io.Discard, abc))
}

func FuzzLoad(f *testing.F) {
	_, text := saved(f)
	f.Add(text)
	f.Add(`{"format":"slbtui/q_factored","version":1}`)
	f.Fuzz(func(t *testing.T, text string) {
		l := newLearner(3)
		if l.Load(strings.NewReader(text), abc) != nil {
			return
		}
		l.Best(0, idle(3), newRand())
		var b bytes.Buffer
		require.NoError(t, l.Save(&b, abc))
		require.NoError(t, newLearner(3).Load(&b, abc))
	})
}

// unused forgets when rows were used, which no file keeps.
func unused(rows []qlearn.Row) []qlearn.Row {
	for i := range rows {
		rows[i].Used = 0
	}
	return rows
}
