package policy

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func learnerOf(t *testing.T, name string, servers ...string) Learner {
	t.Helper()
	o := testOptions(0, 1)
	for _, id := range servers {
		o.Servers = append(o.Servers, ServerInfo{ID: id, Weight: 1})
	}
	p, err := New(name, o)
	require.NoError(t, err)
	l, ok := p.(Learner)
	require.True(t, ok)
	return l
}

// teach shows l that server i takes (i+1)·10 ms.
func teach(l Learner, servers int) {
	v := View{Servers: make([]ServerView, servers)}
	for i := range v.Servers {
		v.Servers[i].Available, v.Servers[i].Reachable, v.Servers[i].CPU = true, true, -1
	}
	for n := range 100 {
		v.Now = time.Duration(n+1) * time.Second
		token, _ := l.Observe(v, n%servers)
		latency := time.Duration(n%servers+1) * 10 * time.Millisecond
		l.Done(token, Outcome{Now: v.Now + latency, Latency: latency, Status: 200})
	}
}

// values are what l thinks of each server when nothing is in flight, as text: tables hold no NaN.
func values(l Learner) []string {
	var all []string
	for _, row := range l.(Inspectable).Table(1).Rows {
		for i := range row.Q {
			all = append(all, fmt.Sprintf("%.6g/%d", row.Q[i], row.Visits[i]))
		}
	}
	return all
}

func TestFactoredLearnerInheritsByServer(t *testing.T) {
	old := learnerOf(t, "q_factored", "a", "b", "c")
	teach(old, 3)
	require.NoError(t, old.SetParam("epsilon", 0.5))
	next := learnerOf(t, "q_factored", "new", "c", "a")
	require.NoError(t, next.Inherit(old, []string{"new", "c", "a"}, []string{"a", "b", "c"}))
	was, is := values(old), values(next)
	require.Len(t, is, 3)
	visits := func(cell string) (n int) {
		var q float64
		_, err := fmt.Sscanf(cell, "%g/%d", &q, &n)
		require.NoError(t, err, cell)
		return n
	}
	require.Equal(t, visits(was[2]), visits(is[1]))
	require.Equal(t, visits(was[0]), visits(is[2]))
	require.Zero(t, visits(is[0]), "a server that is new is unknown")
	require.EqualValues(t, 100, next.(Inspectable).Stats().Updates)
	require.NotEqual(t, 0.5, next.Params()[0].Value, "parameters are not learned")
	teach(next, 3) // it works on
	require.Equal(t, was, values(old), "the old one is untouched")
}

func TestJointLearnersInheritTheSameServers(t *testing.T) {
	for _, name := range []string{"q_learning", "expected_sarsa", "double_q"} {
		t.Run(name, func(t *testing.T) {
			old := learnerOf(t, name, "a", "b")
			teach(old, 2)
			same := learnerOf(t, name, "a", "b")
			require.NoError(t, same.Inherit(old, []string{"a", "b"}, []string{"a", "b"}))
			require.Equal(t, values(old), values(same))
			other := learnerOf(t, name, "b", "a")
			require.ErrorContains(t, other.Inherit(old, []string{"b", "a"}, []string{"a", "b"}), "starts anew")
			require.Zero(t, other.(Inspectable).Stats().Updates)
			require.Error(t, learnerOf(t, "q_factored", "a", "b").Inherit(old, []string{"a", "b"}, []string{"a", "b"}))
		})
	}
}

// What learners knew of one server is taken up again, and only that.
func TestASetRecallsSingleServers(t *testing.T) {
	of := func(ids ...string) Options {
		o := testOptions(0, 1)
		for _, id := range ids {
			o.Servers = append(o.Servers, ServerInfo{ID: id, Weight: 1})
		}
		return o
	}
	old, err := NewSet(of("a", "b", "c"), "q_factored")
	require.NoError(t, err)
	for _, name := range []string{"q_factored", "q_network"} {
		l, err := old.Learner(name)
		require.NoError(t, err)
		teach(l, 3)
	}
	memory := old.Memory()
	next, _, err := old.Next(of("a"))
	require.NoError(t, err)
	later, _, err := next.Next(of("b", "c", "a"))
	require.NoError(t, err)
	later.Recall(memory, "c")
	later.Recall(memory, "nobody")
	for _, name := range []string{"q_factored", "q_network"} {
		before, err := old.Learner(name)
		require.NoError(t, err)
		after, err := later.Learner(name)
		require.NoError(t, err)
		visits := func(l Learner) []uint64 { return l.(Inspectable).Table(1).Rows[0].Visits }
		was, is := visits(before), visits(after)
		require.Equal(t, []uint64{0, was[2], was[0]}, is, name)
		teach(after, 3) // it works on
	}
	_, kept := any(next.learners[0]).(recaller)
	require.False(t, kept, "a joint table is about all of them together")
}
