package discovery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a source that tells what it is told, at its times.
type script struct{ tell chan answer }

func (s script) String() string { return "script" }

func (s script) Follow(ctx context.Context, tell func([]Server, error)) error {
	for {
		select {
		case a := <-s.tell:
			tell(a.found, a.err)
		case <-ctx.Done():
			return nil
		}
	}
}

// user writes down what it is asked for, and when.
type user struct {
	began   time.Time
	log     []string
	leaving atomic.Bool
	fail    error
}

func (u *user) note(format string, args ...any) {
	u.log = append(u.log, fmt.Sprintf("%v ", time.Since(u.began))+fmt.Sprintf(format, args...))
}

func (u *user) Use(_ context.Context, servers []Server) (bool, error) {
	var words []string
	for _, s := range servers {
		word := s.Address
		if s.Leaving {
			word += "-"
		}
		words = append(words, word)
	}
	u.note("use %s", strings.Join(words, " "))
	return u.leaving.Load(), u.fail
}
func (u *user) Lost(problem string) { u.note("lost %s", problem) }
func (u *user) Regained()           { u.note("regained") }

func list(addresses ...string) answer {
	var a answer
	for _, address := range addresses {
		at, leaving := strings.CutSuffix(address, "-")
		a.found = append(a.found, Server{Address: at, Weight: 1, Leaving: leaving})
	}
	return a
}

// followed runs a follower in made-up time while f tells and waits.
func followed(t *testing.T, f func(tell func(answer), u *user, f *Follower)) {
	synctest.Test(t, func(t *testing.T) {
		s, u := script{make(chan answer)}, &user{began: time.Now()}
		follower := NewFollower(s, u)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- follower.Run(ctx) }()
		f(func(a answer) { s.tell <- a; synctest.Wait() }, u, follower)
		cancel()
		require.NoError(t, <-done)
	})
}

// pass lets made-up time go by, and what is due in it be done.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestChangesOfAMomentAreOne(t *testing.T) {
	followed(t, func(tell func(answer), u *user, f *Follower) {
		require.False(t, f.State().Up)
		tell(list("b:1", "a:1"))
		<-f.Found()
		pass(time.Second)
		tell(list("a:1", "b:1")) // the same
		pass(time.Second)
		for _, a := range []answer{list("a:1", "b:1", "c:1"), list("a:1", "c:1"), list("a:1", "c:1", "d:1")} {
			tell(a)
			pass(100 * time.Millisecond)
		}
		pass(time.Second)
		require.Equal(t, []string{"0s use a:1 b:1", "2.25s use a:1 c:1 d:1"}, u.log)
		require.EqualValues(t, 2, f.State().Changes)
		require.Equal(t, 3, f.State().Servers)
	})
}

func TestNoAnswerChangesNothing(t *testing.T) {
	followed(t, func(tell func(answer), u *user, f *Follower) {
		tell(answer{err: errors.New("nobody there")})
		tell(answer{err: errors.New("nobody there")})
		tell(list("a:1"))
		pass(time.Second)
		tell(answer{})
		tell(list("a:1-"))
		require.False(t, f.State().Up)
		require.Equal(t, 1, f.State().Servers)
		pass(10 * time.Second)
		tell(answer{err: errors.New("another reason")})
		pass(time.Second)
		tell(list("a:1"))
		require.Equal(t, []string{
			"0s lost script: nobody there", "0s use a:1", "0s regained",
			"1s lost script: there are no servers", "11s lost script: another reason", "12s regained",
		}, u.log)
		require.EqualValues(t, 5, f.State().Failures)
		require.True(t, f.State().Up)
	})
}

func TestWhoLeavesIsLookedAfter(t *testing.T) {
	followed(t, func(tell func(answer), u *user, f *Follower) {
		tell(list("a:1", "b:1"))
		pass(time.Second)
		u.leaving.Store(true)
		tell(list("a:1", "b:1-"))
		pass(1500 * time.Millisecond)
		u.leaving.Store(false)
		pass(5 * time.Second)
		require.Equal(t, []string{"0s use a:1 b:1", "1.25s use a:1 b:1-", "2.25s use a:1 b:1-", "3.25s use a:1 b:1-"}, u.log)
		require.EqualValues(t, 2, f.State().Changes)
	})
}

func TestAListThatIsRefusedIsTriedAgain(t *testing.T) {
	followed(t, func(tell func(answer), u *user, f *Follower) {
		u.fail = errors.New("it is our own address")
		tell(list("a:1"))
		u.fail = nil
		pass(time.Second)
		tell(list("a:1"))
		require.Equal(t, []string{"0s use a:1", "0s lost script: it is our own address", "1s use a:1", "1s regained"}, u.log)
	})
}

func TestListsThatAreNone(t *testing.T) {
	many := make([]Server, MaxServers+1)
	for i := range many {
		many[i] = Server{Address: fmt.Sprintf("h:%d", i+1), Weight: 1}
	}
	for want, found := range map[string][]Server{
		"there are no servers":             nil,
		"1001 servers, which is more than": many,
		`"h" is not the address`:           {{Address: "h", Weight: 1}},
		`"h:0" is not the address`:         {{Address: "h:0", Weight: 1}},
		`":80" is not the address`:         {{Address: ":80", Weight: 1}},
		"weight 0 is not above 0":          {{Address: "h:80"}},
		"0.0.0.0:80 is nobody's address":   {{Address: "0.0.0.0:80", Weight: 1}}, // this machine, to a dialer
		"[::]:80 is nobody's address":      {{Address: "[::]:80", Weight: 1}},
		"224.0.0.1:80 is nobody's address": {{Address: "224.0.0.1:80", Weight: 1}},
		"is not the address of a server":   {{Address: strings.Repeat("x", 90) + ":80", Weight: 1}},
	} {
		_, err := check(found)
		require.ErrorContains(t, err, want)
	}
	found, err := check([]Server{{Address: "[::1]:80", Weight: 2}, {Address: "10.0.0.5:9001", Weight: 1, URL: "https://10.0.0.5:9001/base"}, {Address: "[::1]:80", Weight: 3}})
	require.NoError(t, err)
	require.Equal(t, []Server{{Address: "10.0.0.5:9001", Weight: 1, URL: "https://10.0.0.5:9001/base"}, {Address: "[::1]:80", URL: "http://[::1]:80", Weight: 2}}, found)
}
