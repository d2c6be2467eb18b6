package engine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/learned"
	"slbtui/engine/live"
	"slbtui/qlearn"
	"slbtui/routing/policy"
)

// learn runs an engine with tables of path until the requests of a moment are answered, and returns its last
// snapshot. The plan has no end of its own: on a busy machine answers may come late.
func learn(t *testing.T, path string, plan ...PlannedPhase) *live.Snapshot {
	t.Helper()
	cfg := quickConfig()
	cfg.Traffic.DurationSeconds, cfg.LoadBalancer.Shadow = 0.3, "all"
	e, err := New(cfg, Options{Seed: 1, Learned: path, Plan: plan})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	require.NoError(t, e.Run(t.Context()))
	return e.Snapshot()
}

func tableOf(s *live.Snapshot, learner string) live.Learner {
	for _, l := range s.Learners {
		if l.Name == learner {
			return l
		}
	}
	return live.Learner{}
}

func TestLearnedTablesSurviveARunExactly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "learned.json")
	first := learn(t, path, PlannedPhase{"round_robin", 200 * time.Millisecond}, PlannedPhase{"q_factored", time.Hour})
	require.False(t, first.Phases[0].WarmStart)
	saved, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, json.Valid(saved))

	e, err := New(quickConfig(), Options{Seed: 9, Learned: path})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	defer e.closeListeners()
	e.journal.begin()
	require.NoError(t, e.current.balancer().nextPhase("q_learning"))
	e.sample()
	again := e.Snapshot()
	require.Len(t, again.Learners, len(policy.LearnerNames()))
	for _, l := range again.Learners {
		before := tableOf(first, l.Name)
		require.Positive(t, l.Stats.Updates, l.Name)
		require.Equal(t, before.Stats.Updates, l.Stats.Updates, l.Name)
		require.Equal(t, before.Stats.Episodes, l.Stats.Episodes, l.Name)
		require.Equal(t, unused(before.Table.Rows), l.Table.Rows, l.Name)
	}
	require.True(t, again.Phases[0].WarmStart)

	require.NoError(t, e.saveLearned())
	twice, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(saved), string(twice), "loading and saving changes nothing")

	require.True(t, learn(t, path, PlannedPhase{"q_learning", time.Hour}).Phases[0].WarmStart)
}

func TestLearnedTablesAreSavedWhenAPartFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "learned.json")
	e, err := New(quickConfig(), Options{Learned: path})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	require.NoError(t, e.frontend.listener.Close())
	require.Error(t, e.Run(t.Context()))
	require.FileExists(t, path)
}

func TestLearnedTablesThatCannotBeSavedAreAnError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	require.NoError(t, os.Mkdir(dir, 0o755))
	e, err := New(quickConfig(), Options{Learned: filepath.Join(dir, "learned.json"), Duration: 50 * time.Millisecond})
	require.NoError(t, err)
	require.NoError(t, e.Listen())
	require.NoError(t, os.Remove(dir))
	require.ErrorContains(t, e.Run(t.Context()), "save learned tables: "+dir)
}

func TestLearnedTablesFollowALink(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target.json"), filepath.Join(dir, "link.json")
	learn(t, target, PlannedPhase{"round_robin", time.Hour})
	require.NoError(t, os.Chmod(target, 0o600))
	require.NoError(t, os.Symlink("target.json", link))
	before, err := os.ReadFile(target)
	require.NoError(t, err)
	learn(t, link, PlannedPhase{"round_robin", time.Hour})
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink)
	after, err := os.ReadFile(target)
	require.NoError(t, err)
	require.NotEqual(t, string(before), string(after))
	info, err = os.Stat(target)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "who may read it stays")
}

func TestBadLearnedTablesAreRefusedAndKept(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "good.json")
	learn(t, good, PlannedPhase{"round_robin", time.Hour})
	data, err := os.ReadFile(good)
	require.NoError(t, err)
	text := string(data)
	other := func(old, new string) string {
		require.Contains(t, text, old)
		return strings.Replace(text, old, new, 1)
	}
	var file map[string]any
	require.NoError(t, json.Unmarshal(data, &file))
	tables := file["learners"].([]any)
	file["learners"] = append(tables, tables[0])
	twice, err := json.Marshal(file)
	require.NoError(t, err)

	for name, c := range map[string]struct{ text, want string }{
		"empty":           {"", "damaged: unexpected end"},
		"truncated":       {text[:len(text)/2], "damaged: "},
		"not JSON":        {"Q = 7", "damaged: invalid character"},
		"another JSON":    {`{"servers": 3}`, "damaged: json: cannot unmarshal"},
		"no format":       {"{}", `it has format "", version 0`},
		"null":            {"null", `it has format "", version 0`},
		"version":         {other(`"version":1`, `"version":2`), "version 2; this program reads"},
		"servers":         {other(`"server1","server2"`, `"server2","server1"`), "learned on servers server2, server1, server3, this run has server1, server2, server3"},
		"no learners":     {other(`"learners":`, `"students":`), "it has no learners"},
		"unknown learner": {other(`"name":"q_learning"`, `"name":"td_lambda"`), `a table of "td_lambda"`},
		"twice":           {string(twice), "two tables of q_learning"},
		"another's table": {other(`"name":"q_learning"`, `"name":"sarsa"`), "sarsa"},
		"swapped tables":  {strings.NewReplacer(`"name":"q_learning"`, `"name":"double_q"`, `"name":"double_q"`, `"name":"q_learning"`).Replace(text), "the table of double_q: "},
		"damaged table":   {other(`"kind":"joint"`, `"kind":"hinge"`), `the table of q_learning: q_learning: reading the Q-table: it is of kind "hinge"`},
		"damaged factors": {other(`"format":"slbtui/q_factored"`, `"format":"x"`), "the table of q_factored: "},
		"no table":        {`{"format":"slbtui/learned","version":1,"servers":["server1","server2","server3"],"learners":[{"name":"q_learning"}]}`, "the table of q_learning: "},
		"more after it":   {text + text, "damaged: invalid character"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "learned.json")
			require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
			refused(t, path, c.want)
			kept, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, c.text, string(kept))
		})
	}
}

// refused: the error names the file, the reason and what to do.
func refused(t *testing.T, path, want string) {
	t.Helper()
	_, err := New(quickConfig(), Options{Learned: path})
	require.ErrorContains(t, err, "learned tables "+path)
	require.ErrorContains(t, err, want)
	require.ErrorContains(t, err, "--learned")
}

func TestLearnedTablesMustBeAFileOfReasonableSize(t *testing.T) {
	dir := t.TempDir()
	refused(t, dir, "not a regular file")
	refused(t, "/dev/null", "not a regular file")
	refused(t, filepath.Join(dir, "no", "such", "folder.json"), "could not be saved at the end")

	huge := filepath.Join(dir, "huge.json")
	require.NoError(t, os.WriteFile(huge, nil, 0o600))
	require.NoError(t, os.Truncate(huge, learned.MaxBytes+1)) // sparse: it takes no space
	refused(t, huge, "larger than learned tables can be")
	info, err := os.Stat(huge)
	require.NoError(t, err)
	require.EqualValues(t, learned.MaxBytes+1, info.Size())
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	require.NoError(t, err)
	require.Empty(t, left, "no probe is left behind")
}

func TestDecisionsAreExplained(t *testing.T) {
	e := start(t, quickConfig(), Options{Seed: 1})
	s := eventually(t, e, func(s *live.Snapshot) bool { return len(tableOf(s, "q_factored").Decisions) > 2 })
	for _, l := range s.Learners {
		if l.Idle { // too dear to watch by itself
			continue
		}
		require.NotEmpty(t, l.Decisions, l.Name)
		require.LessOrEqual(t, len(l.Decisions), 20)
		require.Len(t, l.Decisions[0].Servers, 3)
	}
	do(t, e, live.SetPolicy{Name: "q_factored"})
	eventually(t, e, func(s *live.Snapshot) bool {
		d := tableOf(s, "q_factored").Decisions
		last := d[len(d)-1]
		return last.At > s.Phases[len(s.Phases)-1].Start && last.Chosen == last.Routed
	})
}

// unused copies rows and forgets when they were used, which no file keeps.
func unused(rows []qlearn.Row) []qlearn.Row {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].Used = 0
	}
	return rows
}
