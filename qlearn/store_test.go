package qlearn

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var threeServers = []string{"a", "b", "c"}

// learned returns an agent with some experience, whose table was full.
func learned() *Agent {
	a := newTestAgent(3, func(c *Config) { c.ExplorationRate, c.MinExplorationRate = 0.1, 0.01 })
	a.limit = 3
	for i := range 500 {
		state := []byte{"lmh"[i%3], "lmh"[i/7%3], 'l'}
		row, action := a.Choose(state, all(3))
		a.Update(row, action, -1/float64(i%13+3))
		a.EndRequest()
	}
	return a
}

func TestStoreRestoresExactly(t *testing.T) {
	a := learned()
	saved, err := a.Save(threeServers)
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, saved.Write(&file))
	read, err := newTestAgent(len(threeServers), nil).ReadSaved(&file, threeServers)
	require.NoError(t, err)
	require.Equal(t, saved, read)

	b := newTestAgent(3, func(c *Config) { c.ExplorationRate, c.MinExplorationRate = 0.1, 0.01 })
	b.Restore(read)
	require.Equal(t, a.rows, b.rows)
	require.Equal(t, a.index, b.index)
	require.Equal(t, a.visits, b.visits)
	require.Equal(t, a.Epsilon(), b.Epsilon())
	require.Equal(t, a.requests, b.requests)
	require.Equal(t, timeless(a.Table(0).Rows), b.Table(0).Rows)

	b.Update(0, 0, -1) // before the first decision there is no next state
	row, action := b.Choose([]byte("lll"), all(3))
	require.GreaterOrEqual(t, row, 0)
	require.GreaterOrEqual(t, action, 0)
}

func TestStoreCopies(t *testing.T) {
	a := learned()
	saved, err := a.Save(threeServers)
	require.NoError(t, err)
	saved.Rows[0].Q[0] = 99
	require.NotEqual(t, 99.0, a.rows[0].q[0])

	_, err = a.Save(threeServers[:2])
	require.ErrorContains(t, err, "3 servers under 2 server ids")
}

func TestStoreDamage(t *testing.T) {
	const good = `{"version":1,"kind":"joint","servers":["a","b","c"],"episodes":1,"requests":2,"updates":3,"rows":[` + rowJSON + `]}`
	_, err := newTestAgent(len(threeServers), nil).ReadSaved(strings.NewReader(good+"\n"), threeServers)
	require.NoError(t, err)

	for name, c := range map[string]struct{ file, want string }{
		"empty":            {"", "EOF"},
		"cut off":          {good[:80], "unexpected EOF"},
		"not JSON":         {"Q=7", "invalid character"},
		"two tables":       {good + good, "something after"},
		"version":          {strings.Replace(good, `"version":1`, `"version":7`, 1), "version 7"},
		"kind":             {strings.Replace(good, "joint", "factored", 1), `kind "factored"`},
		"servers":          {strings.Replace(good, `"a","b"`, `"b","a"`, 1), `servers ["b" "a" "c"]`},
		"requests":         {strings.Replace(good, `"requests":2`, `"requests":-2`, 1), "requests: -2"},
		"episodes":         {strings.Replace(good, `"episodes":1`, `"episodes":-1`, 1), "episodes"},
		"short state":      {strings.Replace(good, `"lmh"`, `"lm"`, 1), `rows[0]: state "lm"`},
		"strange state":    {strings.Replace(good, `"lmh"`, `"lxh"`, 1), `rows[0]: state "lxh"`},
		"state twice":      {strings.Replace(good, rowJSON, rowJSON+","+rowJSON, 1), `rows[1]: state "lmh" is there twice`},
		"value missing":    {strings.Replace(good, "-1.5,", "", 1), "rows[0]: 2 values and 3 visits"},
		"visits missing":   {strings.Replace(good, "[1,2,3]", "[1,2,3,4]", 1), "rows[0]: 3 values and 4 visits"},
		"infinite":         {strings.Replace(good, "-1.5", "1e999", 1), "1e999"},
		"not a number":     {strings.Replace(good, "-1.5", "NaN", 1), "invalid character"},
		"too many rows":    {strings.Replace(good, rowJSON, rowJSON+strings.Repeat(`,{}`, 30), 1), "31 rows, more than 28"},
		"longer than ever": {strings.Repeat(" ", 100_000) + good, "longer than a table of 3 servers"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newTestAgent(len(threeServers), nil).ReadSaved(strings.NewReader(c.file), threeServers)
			require.ErrorContains(t, err, "reading the Q-table: ")
			require.ErrorContains(t, err, c.want)
		})
	}
}

const rowJSON = `{"state":"lmh","q":[-1.5,0,-2],"visits":[1,2,3]}`

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestStoreTellsOfWriteErrors(t *testing.T) {
	saved, err := learned().Save(threeServers)
	require.NoError(t, err)
	require.EqualError(t, saved.Write(brokenWriter{}), "writing the Q-table: disk full")
}

// The largest table of its size must not be refused as too long.
func TestStoreSizeLimitFitsTheLargest(t *testing.T) {
	ids := []string{"\x01\x02<&>", "é"}
	s := Saved{Version: savedVersion, Kind: "joint", Servers: ids, Episodes: 1<<64 - 1, Requests: 1<<63 - 1, Updates: 1<<64 - 1}
	for i := range 9 {
		s.Rows = append(s.Rows, SavedRow{
			State:  string([]byte{"lmh"[i%3], "lmh"[i/3]}),
			Q:      []float64{-1.2345678901234567e-300, -1.2345678901234567e-300},
			Visits: []uint64{1<<64 - 1, 1<<64 - 1},
		})
	}
	var file bytes.Buffer
	require.NoError(t, s.Write(&file))
	read, err := newTestAgent(len(threeServers), nil).ReadSaved(&file, ids)
	require.NoError(t, err)
	require.Equal(t, s, read)
}

// FuzzReadSaved: whatever the file holds, reading ends in an error or in a table that works and
// survives being written again.
func FuzzReadSaved(f *testing.F) {
	saved, err := learned().Save(threeServers)
	require.NoError(f, err)
	var file bytes.Buffer
	require.NoError(f, saved.Write(&file))
	f.Add(file.Bytes())
	f.Add([]byte(`{"version":1,"kind":"joint","servers":["a","b","c"],"rows":[{"state":"*","q":[1e308,-1e308,0],"visits":[1,2,3]}]}`))
	f.Add([]byte(`{"version":1,"kind":"joint","servers":["a","b","c"],"rows":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		saved, err := newTestAgent(len(threeServers), nil).ReadSaved(bytes.NewReader(data), threeServers)
		if err != nil {
			return
		}
		a := newTestAgent(3, nil)
		a.Restore(saved)
		for _, state := range []string{"lll", "lmh", "hhh"} {
			row, action := a.Choose([]byte(state), all(3))
			a.Update(row, action, -1)
			a.EndRequest()
		}
		a.Table(2)
		again, err := a.Save(threeServers)
		require.NoError(t, err)
		require.NoError(t, again.Write(io.Discard))
	})
}
