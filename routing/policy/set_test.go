package policy

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func newTestSet(t *testing.T, o Options) *Set {
	t.Helper()
	s, err := NewSet(o, "q_learning")
	require.NoError(t, err)
	return s
}

func TestSetKeepsWhatItMade(t *testing.T) {
	s := newTestSet(t, testOptions(2, 1))
	for _, name := range Names() {
		p, err := s.Get(name)
		require.NoError(t, err)
		again, err := s.Get(name)
		require.NoError(t, err)
		require.Same(t, p, again)
	}
	require.Len(t, s.Learners(), len(LearnerNames()))
	for _, l := range s.Learners() {
		found, err := s.Learner(l.Name())
		require.NoError(t, err)
		require.Same(t, l, found)
		p, err := s.Get(l.Name())
		require.NoError(t, err)
		require.Same(t, l, p)
	}
}

func TestSetNamesWhoWatches(t *testing.T) {
	s := newTestSet(t, testOptions(2, 1))
	require.Equal(t, []Watcher{s.Learners()[0], s.Learners()[3]}, s.Watching([]string{"q_factored", "round_robin", "q_learning"}))
	require.Empty(t, s.Watching(nil))
}

func TestSetSpeaksOfUnknownNamesAsTheRegistry(t *testing.T) {
	_, err := NewSet(testOptions(2, 1), "p2c")
	require.EqualError(t, err, CheckLearner("p2c").Error())
	s := newTestSet(t, testOptions(2, 1))
	_, err = s.Get("nobody")
	require.EqualError(t, err, s.opts.Check("nobody").Error())
	_, err = s.Learner("p2c")
	require.EqualError(t, err, CheckLearner("p2c").Error())
	require.EqualError(t, s.Choose("p2c"), CheckLearner("p2c").Error())
	require.Equal(t, "q_learning", s.Chosen())
	require.NoError(t, s.Choose("double_q"))
	require.Equal(t, "double_q", s.Chosen())
}

func TestNextSetKnowsWhatTheOldOneLearned(t *testing.T) {
	o := testOptions(2, 1)
	s := newTestSet(t, o)
	require.NoError(t, s.Choose("q_factored"))
	for _, l := range s.Learners() {
		teach(l, 2)
		require.NoError(t, l.SetParam("epsilon", 0.25))
	}
	same, losses, err := s.Next(o)
	require.NoError(t, err)
	require.Same(t, s, same)
	require.Empty(t, losses)

	o.QFactored.SocialWeight = 0.5
	next, losses, err := s.Next(o)
	require.NoError(t, err)
	require.Empty(t, losses)
	require.Equal(t, "q_factored", next.Chosen())
	for i, l := range next.Learners() {
		require.Equal(t, values(s.Learners()[i]), values(l), l.Name())
		require.Equal(t, 0.25, l.Params()[0].Value, "an operator has set it")
	}
	require.Equal(t, 0.5, next.Learners()[3].Params()[2].Value, "the options have changed it")

	_, losses, err = s.Next(testOptions(3, 1))
	require.NoError(t, err)
	require.Equal(t, []string{
		"q_learning starts anew: its table is for exactly the servers before",
		"expected_sarsa starts anew: its table is for exactly the servers before",
		"double_q starts anew: its table is for exactly the servers before",
		"dqn starts anew: its network is for exactly the servers before",
	}, losses)
}

func TestNextSetKnowsTheOwnPoliciesOfItsOptions(t *testing.T) {
	own := func(name, summary string) []Spec { return []Spec{{Name: name, Summary: summary, New: newRandom}} }
	o := testOptions(2, 1)
	o.Own, o.Warn = own("mine", "one"), func(string, string) {}
	s := newTestSet(t, o)
	first, err := s.Get("mine")
	require.NoError(t, err)
	require.EqualError(t, o.Check("nobody"), strings.TrimSuffix(Options{}.Check("nobody").Error(), ")")+", mine)")

	o.Own, o.Warn = own("mine", "one"), func(string, string) {}
	same, _, err := s.Next(o)
	require.NoError(t, err)
	require.Same(t, s, same)
	o.Own = own("mine", "two")
	next, _, err := s.Next(o)
	require.NoError(t, err)
	second, err := next.Get("mine")
	require.NoError(t, err)
	require.NotSame(t, first, second)
	o.Own = nil
	next, _, err = next.Next(o)
	require.NoError(t, err)
	_, err = next.Get("mine")
	require.EqualError(t, err, Options{}.Check("mine").Error())
}

// Who shares the servers decides what a number of requests in flight means: what is not taken over is told.
func TestNextTellsWhatAnotherNumberOfBalancersLoses(t *testing.T) {
	o := testOptions(3, 1)
	s, err := NewSet(o, "q_factored")
	require.NoError(t, err)
	l, err := s.Learner("q_factored")
	require.NoError(t, err)
	teach(l, 3)
	o.QFactored.Balancers = 4
	next, losses, err := s.Next(o)
	require.NoError(t, err)
	require.NotSame(t, s, next)
	require.Len(t, losses, 1)
	require.Contains(t, losses[0], "q_factored keeps a part of its table: it was learned among 1 balancers and 4 share the servers now")
}
