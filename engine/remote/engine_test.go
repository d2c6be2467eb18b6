package remote

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/admin/token"
	"slbtui/engine/config"
	"slbtui/engine/live"
)

// What is shown here is what is there, picture for picture, although only what is new is sent.
func TestFollows(t *testing.T) {
	b := newBalancer("p2c")
	address, _ := served(t, b, config.Admin{Listen: "127.0.0.1:0"})
	e := attached(t, Options{}, address)
	for i := range 5 {
		b.goOn(func(s *live.Snapshot) { s.Events = append(s.Events, live.Event{Number: uint64(i + 1), Text: "news"}) })
		there := b.Snapshot()
		until(t, "the picture is here", func() bool { return len(e.Snapshot().Events) == i+1 })
		here := *e.Snapshot()
		require.Positive(t, here.Seq)
		here.Seq = there.Seq
		require.JSONEq(t, asJSON(t, there), asJSON(t, &here))
	}
	link := e.Snapshot().Link
	require.Equal(t, address, link.Name)
	require.Zero(t, link.Lost)
	require.Empty(t, link.ReadOnly)
}

// What was not looked at for a while is all there when it is looked at again: old decisions beside new ones, and
// none between them, would be no latest decisions.
func TestWhatIsLookedAtAgainHasNoGap(t *testing.T) {
	b := newBalancer("p2c")
	address, _ := served(t, b, config.Admin{Listen: "127.0.0.1:0"})
	e := attached(t, Options{}, address)
	decide := func(n int) {
		b.goOn(func(s *live.Snapshot) {
			made := s.Learners[0].Decisions
			s.Learners[0].Decisions = append(made[:len(made):len(made)], live.Decision{At: time.Duration(n)})
			s.Events = append(s.Events[:len(s.Events):len(s.Events)], live.Event{Number: uint64(n)})
		})
		until(t, "the picture is here", func() bool { return len(e.Snapshot().Events) == n })
	}
	decide(1)
	e.Want()
	decide(2)
	decide(3)
	e.Want(live.Parts()...)
	decide(4)
	until(t, "all decisions", func() bool { return len(e.Snapshot().Learners[0].Decisions) == 4 })
}

// A command is in force, and on the picture, when Do returns.
func TestCommands(t *testing.T) {
	b := newBalancer("p2c")
	address, _ := served(t, b, config.Admin{Listen: "127.0.0.1:0"})
	e := attached(t, Options{}, "http://"+address+"/")
	for _, k := range live.Kinds() {
		require.NoError(t, e.Do(t.Context(), k.Example), k.Do)
	}
	require.Equal(t, "p2c", e.Snapshot().Policy)
	require.NoError(t, e.Do(t.Context(), live.SetPolicy{Name: "round_robin"}))
	require.Equal(t, "round_robin", e.Snapshot().Policy)
	require.Len(t, b.got, len(live.Kinds())+1)
	b.err = errors.New("no policy \x1b[2J nobody")
	require.EqualError(t, e.Do(t.Context(), live.SetPolicy{Name: "nobody"}), "no policy  [2J nobody")
	require.Error(t, e.Do(t.Context(), live.RefreshCertificate{}), "nobody gives that from outside")
}

// A balancer that goes away leaves its last picture; one that comes back, as another run with a sequence of its own,
// is picked up by itself.
func TestARestartedBalancerIsPickedUp(t *testing.T) {
	b := newBalancer("p2c")
	address, stop := served(t, b, config.Admin{Listen: "127.0.0.1:0"})
	e := attached(t, Options{}, address)
	for range 20 {
		b.goOn(func(*live.Snapshot) {})
	}
	until(t, "20 seconds", func() bool { return len(e.Snapshot().Seconds) == 20 })
	before := e.Snapshot().Seq
	stop()
	until(t, "lost", func() bool { return !e.Snapshot().Link.Lost.IsZero() })
	require.Len(t, e.Snapshot().Seconds, 20, "the last picture stays")
	require.Contains(t, e.Snapshot().Link.Why, address)
	require.Error(t, e.Do(t.Context(), live.ToggleRL{}))

	again := newBalancer("q_factored")
	again.goOn(func(*live.Snapshot) {})
	served(t, again, config.Admin{Listen: address})
	until(t, "back", func() bool { s := e.Snapshot(); return s.Link.Lost.IsZero() && s.Policy == "q_factored" })
	require.Len(t, e.Snapshot().Seconds, 1, "nothing of the run of before")
	require.Greater(t, e.Snapshot().Seq, before, "pictures have one order here")
}

func TestPausesGrowToFiveSeconds(t *testing.T) {
	last := time.Duration(0)
	for failures := 1; failures < 100; failures++ {
		pause := pauseAfter(failures)
		require.LessOrEqual(t, pause, longestPause)
		require.GreaterOrEqual(t, pause*10, last*9)
		last = pause
	}
	require.GreaterOrEqual(t, last, longestPause*9/10)
}

func tokens(t *testing.T) (path, operator, viewer string) {
	operator, first := token.New(token.Holder{Role: token.Operator, Name: "alice"})
	viewer, second := token.New(token.Holder{Role: token.Viewer, Name: "bob"})
	path = filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(path, []byte(first+"\n"+second), 0o600))
	return path, operator, viewer
}

// With a viewer's token nothing can be changed, whichever command it is, and the console knows it beforehand.
func TestAViewerCommandsNothing(t *testing.T) {
	path, operator, viewer := tokens(t)
	b := newBalancer("p2c")
	address, _ := served(t, b, config.Admin{Listen: "127.0.0.1:0", TokensFile: path})
	e := attached(t, Options{Token: viewer}, address)
	require.NotEmpty(t, e.Snapshot().Link.ReadOnly)
	for _, k := range live.Kinds() {
		require.EqualError(t, e.Do(t.Context(), k.Example), "bob is a viewer, and this takes an operator", k.Do)
	}
	require.Empty(t, b.got)
	require.Empty(t, attached(t, Options{Token: operator}, address).Snapshot().Link.ReadOnly)

	for token, want := range map[string]string{"": "a token is needed: --token-file FILE, or SLBTUI_TOKEN", "slbtui_wrong": "this token is not known here"} {
		e, err := Open([]string{address}, Options{Token: token})
		require.NoError(t, err)
		err = e.Meet(t.Context())
		require.EqualError(t, err, address+": "+want)
		require.ErrorAs(t, err, new(Refusal))
		e.members[0].client.CloseIdleConnections()
	}
}

// Neither end guesses what the other means by a name: another version is refused in a sentence.
func TestAnotherVersionIsRefused(t *testing.T) {
	answer := `{"version": 2, "role": "operator", "seq": "in words now"}`
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	defer there.Close()
	meet := func() error {
		e, err := Open([]string{there.URL}, Options{})
		require.NoError(t, err)
		defer e.members[0].client.CloseIdleConnections()
		return e.Meet(t.Context())
	}
	require.EqualError(t, meet(), there.URL+": it speaks version 2 of snapshots and commands, and this slbtui version 1: use the same release at both ends")
	for _, other := range []string{`{}`, `[]`, `<html>`, ``, `{"version": "x"}`} {
		answer = other
		require.EqualError(t, meet(), there.URL+": no admin listener of slbtui answers there")
	}
	answer = `{"version": 1, "seq": -1}`
	require.ErrorContains(t, meet(), "its answer is no snapshot")
	answer = `{"version": 1}`
	require.ErrorContains(t, meet(), "it has not begun to run")

	b := newBalancer("p2c")
	address, _ := served(t, b, config.Admin{Listen: "127.0.0.1:0"})
	for _, ask := range []func() (*http.Response, error){
		func() (*http.Response, error) { return http.Get("http://" + address + "/snapshot?version=2") },
		func() (*http.Response, error) {
			return http.Post("http://"+address+"/command", "application/json", strings.NewReader(`{"version": 2, "do": "toggle"}`))
		},
	} {
		res, err := ask()
		require.NoError(t, err)
		require.Equal(t, http.StatusConflict, res.StatusCode)
		require.NoError(t, res.Body.Close())
	}
	require.Empty(t, b.got)
	http.DefaultClient.CloseIdleConnections()
}

// Of several balancers one is shown; all are followed, and one that is away keeps nobody from the others.
func TestFleet(t *testing.T) {
	one, two := newBalancer("p2c"), newBalancer("q_factored")
	first, _ := served(t, one, config.Admin{Listen: "127.0.0.1:0"})
	second, stop := served(t, two, config.Admin{Listen: "127.0.0.1:0"})
	e := attached(t, Options{}, first, second)
	require.Equal(t, "p2c", e.Snapshot().Policy)
	require.Len(t, e.Snapshot().Link.Fleet, 2)
	require.NoError(t, e.Do(t.Context(), live.Watch{Balancer: second}))
	require.Equal(t, "q_factored", e.Snapshot().Policy)
	require.NoError(t, e.Do(t.Context(), live.ToggleRL{}))
	require.Len(t, two.got, 1)
	require.Empty(t, one.got, "commands go to the one that is shown")
	require.ErrorContains(t, e.Do(t.Context(), live.Watch{Balancer: "x"}), "none of the balancers")
	stop()
	until(t, "the second is lost", func() bool { return !e.Snapshot().Link.Fleet[1].Lost.IsZero() })
	require.Zero(t, e.Snapshot().Link.Fleet[0].Lost)
	require.NoError(t, e.Do(t.Context(), live.Watch{Balancer: first}))
	require.Zero(t, e.Snapshot().Link.Lost)

	e, err := Open([]string{second, first}, Options{})
	require.NoError(t, err)
	require.NoError(t, e.Meet(t.Context()), "one of them answers")
	require.Equal(t, first, e.Snapshot().Link.Name)
	for _, m := range e.members {
		m.client.CloseIdleConnections()
	}
}

func TestOverASocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "slb")
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	address, _ := served(t, newBalancer("p2c"), config.Admin{Listen: "unix:" + filepath.Join(dir, "s")})
	e := attached(t, Options{}, address)
	require.NoError(t, e.Do(t.Context(), live.ToggleRL{}))
}

func TestAddressesThatAreRefused(t *testing.T) {
	for address, want := range map[string]string{
		"ftp://h": "want http://HOST:PORT", "nonsense": "want http://HOST:PORT", "unix:relative": "want http://HOST:PORT", "http://": "want http://HOST:PORT",
		"http://h/?a=b": "want http://HOST:PORT", "http://user:secret@h": "...@h: a balancer takes a token, no password", "http://192.0.2.1:9": "in clear text",
		"http://balancer.example": "in clear text",
	} {
		_, err := Open([]string{address}, Options{Token: "slbtui_x"})
		require.ErrorContains(t, err, want, address)
		require.NotContains(t, err.Error(), "secret")
	}
	for _, address := range []string{"http://localhost:1", "127.0.0.1:1", "http://[::1]:1", "https://balancer.example", "unix:/run/s"} {
		_, err := Open([]string{address}, Options{Token: "slbtui_x"})
		require.NoError(t, err, address)
	}
	_, err := Open([]string{"http://192.0.2.1:9"}, Options{Token: "slbtui_x", Insecure: true})
	require.NoError(t, err)
	_, err = Open([]string{"127.0.0.1:1", "127.0.0.1:1"}, Options{})
	require.ErrorContains(t, err, "named twice")
	_, err = Open(nil, Options{})
	require.Error(t, err)
}

// The token goes to whom it was given for, not where that sends us.
func TestRedirectsAreNotFollowed(t *testing.T) {
	asked := false
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer thief.Close()
	there := httptest.NewServer(http.RedirectHandler(thief.URL, http.StatusTemporaryRedirect))
	defer there.Close()
	e, err := Open([]string{there.URL}, Options{Token: "slbtui_x"})
	require.NoError(t, err)
	require.ErrorContains(t, e.Meet(t.Context()), "no admin listener of slbtui answers there (status 307)")
	require.False(t, asked)
	e.members[0].client.CloseIdleConnections()
}

// A hostile balancer can say what it likes: what goes on from a picture that was never here is asked for anew.
func TestAnswersThatDoNotFit(t *testing.T) {
	since := uint64(99)
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"version": 1, "since": %d, "seq": 5, "learners": [{}, {}], "seconds": []}`, since)
	}))
	defer there.Close()
	e, err := Open([]string{there.URL}, Options{})
	require.NoError(t, err)
	require.ErrorContains(t, e.Meet(t.Context()), "a picture that was never here")
	since = 0
	require.NoError(t, e.Meet(context.Background()))
	since = 5
	require.NoError(t, e.Meet(context.Background()))
	since = 4
	require.ErrorContains(t, e.Meet(context.Background()), "a picture that was never here")
	e.members[0].client.CloseIdleConnections()
}

// What nobody looks at is not sent, and stays as it was; what somebody begins to look at comes at once.
func TestOnlyWhatIsLookedAt(t *testing.T) {
	b := newBalancer("p2c")
	address, _ := served(t, b, config.Admin{Listen: "127.0.0.1:0"})
	e := attached(t, Options{}, address)
	table := func() string { return e.Snapshot().Learners[0].Table.Rows[0].Label }
	b.goOn(func(*live.Snapshot) {})
	until(t, "the second picture", func() bool { return table() == "2" })
	e.Want()
	b.goOn(func(s *live.Snapshot) { s.Policy = "random" })
	until(t, "the third picture", func() bool { return e.Snapshot().Policy == "random" })
	require.Equal(t, "2", table())
	e.Want(live.Parts()...)
	b.goOn(func(*live.Snapshot) {})
	until(t, "tables again", func() bool { return table() == "4" })
}

func TestSilence(t *testing.T) {
	there := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer there.Close()
	target, err := newTarget(there.URL, Options{})
	require.NoError(t, err)
	defer target.client.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err = target.look(ctx, picture{})
	require.EqualError(t, err, there.URL+": no answer in time")
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
