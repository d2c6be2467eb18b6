package admin

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/admin/token"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// tokensFile is a file with the tokens of an operator, alice, and of a viewer, bob.
func tokensFile(t *testing.T) (path, alice, bob string) {
	t.Helper()
	alice, first := token.New(token.Holder{Role: token.Operator, Name: "alice"})
	bob, second := token.New(token.Holder{Role: token.Viewer, Name: "bob"})
	path = filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(path, []byte(first+"\n"+second+"\n"), 0o600))
	return path, alice, bob
}

// obedient is an engine that remembers what it was told.
type obedient struct {
	mu   sync.Mutex
	got  []live.Command
	note []live.Note
}

func (*obedient) Snapshot() *live.Snapshot {
	return &live.Snapshot{Seq: 7, State: live.RunRunning, Servers: []live.Server{{ID: "s1", State: live.ServerOK}}}
}

func (e *obedient) Do(_ context.Context, cmd live.Command) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if note, ok := cmd.(live.Note); ok {
		e.note = append(e.note, note)
		return nil
	}
	e.got = append(e.got, cmd)
	return nil
}

// listening is an admin listener with tokens, and whom to ask as.
func listening(t *testing.T) (e *obedient, ask func(method, path, token, body string) *httptest.ResponseRecorder, alice, bob string) {
	t.Helper()
	path, alice, bob := tokensFile(t)
	e = &obedient{}
	s, err := Listen(config.Admin{Listen: "127.0.0.1:0", TokensFile: path}, e)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return e, func(method, path, token, body string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), request(t, s, method, path, body)
		r.RemoteAddr = "192.0.2.7:1234"
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		s.Handler().ServeHTTP(w, r)
		return w
	}, alice, bob
}

// A viewer cannot change anything: each command is refused, and the engine hears of none.
func TestAViewerCommandsNothing(t *testing.T) {
	for _, k := range live.Kinds() {
		t.Run(k.Do, func(t *testing.T) {
			e, ask, alice, bob := listening(t)
			_, keys, err := live.Write(k.Example)
			require.NoError(t, err)
			body := withDo(k, live.Spaced(keys))
			w := ask("POST", "/command", bob, body)
			require.Equal(t, http.StatusForbidden, w.Code)
			require.Contains(t, w.Body.String(), "bob is a viewer, and this takes an operator")
			require.Equal(t, http.StatusUnauthorized, ask("POST", "/command", "", body).Code)
			require.Empty(t, e.got)
			require.Empty(t, e.note)
			w = ask("POST", "/command", alice, body)
			require.Equal(t, http.StatusOK, w.Code, w.Body.String())
			require.Equal(t, []live.Command{k.Example}, e.got)
			require.Equal(t, []live.Note{{Kind: metrics.EventOperator, Text: "alice: " + live.Spoken(k.Do, keys)}}, e.note, "who did what")
		})
	}
	for path, body := range map[string]string{"/policy": `{"name":"p2c"}`, "/params": `{"learner":"a","param":"b","value":1}`, "/drain": `{"server":"s1"}`} {
		e, ask, _, bob := listening(t)
		require.Equal(t, http.StatusForbidden, ask("POST", path, bob, body).Code, path)
		require.Empty(t, e.got)
	}
}

func TestWhoMaySeeWhat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, ask, alice, bob := listening(t)
		for _, c := range []struct {
			path                  string
			nobody, wrong, viewer int
		}{
			{"/healthz", 200, 200, 200}, {"/snapshot", 401, 401, 200}, {"/metrics", 401, 401, 200}, {"/", 401, 401, 200}, {"/nowhere", 401, 401, 404}, {"/policy", 401, 401, 403},
		} {
			require.Equal(t, c.nobody, ask("GET", c.path, "", "").Code, c.path)
			require.Equal(t, c.wrong, ask("GET", c.path, "slbtui_wrong", "").Code, c.path)
			require.Equal(t, c.viewer, ask("GET", c.path, bob, "").Code, c.path)
		}
		require.Contains(t, ask("GET", "/snapshot", alice, "").Body.String(), `"role":"operator"`)
		require.Contains(t, ask("GET", "/snapshot", bob, "").Body.String(), `"role":"viewer"`)
		w := ask("GET", "/snapshot", "", "")
		require.Equal(t, `Bearer realm="slbtui"`, w.Header().Get("WWW-Authenticate"))
		require.Contains(t, ask("GET", "/", alice, "").Body.String(), `-H "Authorization: Bearer $SLBTUI_TOKEN"`)
		for _, n := range e.note {
			require.Equal(t, metrics.EventWarning, n.Kind)
		}
	})
}

// Wrong tokens are answered slowly, and told of, though not each of them.
func TestWrongTokensAreSlowedAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, ask, alice, _ := listening(t)
		start := time.Now()
		for range 5 {
			require.Equal(t, http.StatusUnauthorized, ask("GET", "/snapshot", "slbtui_guess", "").Code)
		}
		require.Equal(t, 5*failurePause, time.Since(start))
		require.Equal(t, []live.Note{{Kind: metrics.EventWarning, Text: "admin listener: a wrong token from 192.0.2.7"}}, e.note)
		time.Sleep(failureNews)
		ask("GET", "/snapshot", "slbtui_guess", "")
		require.Equal(t, "admin listener: 5 wrong tokens, the last from 192.0.2.7", e.note[1].Text)
		start = time.Now()
		require.Equal(t, http.StatusOK, ask("GET", "/snapshot", alice, "").Code)
		require.Zero(t, time.Since(start), "who has one does not wait for those who guess")
	})
}

// With tokens any host name will do, since no page of another origin has one; without a token such a page gets
// nothing, and with a viewer's it commands nothing. What a browser says of its origin counts, too.
func TestReflectionFromOutside(t *testing.T) {
	path, alice, bob := tokensFile(t)
	e := &obedient{}
	s, err := Listen(config.Admin{Listen: "127.0.0.1:0", TokensFile: path}, e)
	require.NoError(t, err)
	defer s.Close()
	for name, c := range map[string]struct {
		token, host, origin, media string
		status                     int
	}{
		"a name that resolves here":           {"", "evil.example", "", "application/json", 401},
		"a page of such a name":               {"", "evil.example", "http://evil.example", "application/json", 401},
		"a stolen viewer's token":             {bob, "evil.example", "", "application/json", 403},
		"a page with an operator's token":     {alice, "balancer.example", "http://evil.example", "application/json", 403},
		"a form with an operator's token":     {alice, "balancer.example", "", "text/plain", 415},
		"an operator, by name":                {alice, "balancer.example", "", "application/json", 200},
		"an operator, at an address":          {alice, "192.0.2.1:9090", "", "application/json", 200},
		"a page of the listener's own origin": {alice, "balancer.example", "http://balancer.example", "application/json", 200},
	} {
		t.Run(name, func(t *testing.T) {
			e.got = nil
			w, r := httptest.NewRecorder(), request(t, s, "POST", "/policy", `{"name":"p2c"}`)
			r.Host = c.host
			r.Header.Set("Content-Type", c.media)
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			if c.token != "" {
				r.Header.Set("Authorization", "Bearer "+c.token)
			}
			s.Handler().ServeHTTP(w, r)
			require.Equal(t, c.status, w.Code, w.Body.String())
			require.Equal(t, c.status == 200, len(e.got) == 1)
		})
	}
}

func TestTokensAreReadAgain(t *testing.T) {
	path, alice, _ := tokensFile(t)
	s, err := Listen(config.Admin{Listen: "127.0.0.1:0", TokensFile: path}, &obedient{})
	require.NoError(t, err)
	defer s.Close()
	require.Equal(t, "alice", s.tokens.Who(alice).Name)
	carol, line := token.New(token.Holder{Role: token.Operator, Name: "carol"})
	require.NoError(t, os.WriteFile(path, []byte(line), 0o600))
	require.NoError(t, s.Reread())
	require.Equal(t, token.Nobody, s.tokens.Who(alice).Role)
	require.Equal(t, "carol", s.tokens.Who(carol).Name)
	require.NoError(t, os.WriteFile(path, []byte("x"), 0o600))
	require.ErrorContains(t, s.Reread(), "admin.tokens_file: those of before are kept: "+path+":1")
	require.Equal(t, "carol", s.tokens.Who(carol).Name)
	_, err = Listen(config.Admin{Listen: "127.0.0.1:0", TokensFile: path + "none"}, &obedient{})
	require.ErrorContains(t, err, "admin.tokens_file: ")
}

func TestASocketIsForItsUserAlone(t *testing.T) {
	dir, err := os.MkdirTemp("", "slb")
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	s, err := Listen(config.Admin{Listen: "unix:" + filepath.Join(dir, "s")}, &obedient{})
	require.NoError(t, err)
	defer s.Close()
	info, err := os.Lstat(filepath.Join(dir, "s"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, "unix:"+filepath.Join(dir, "s"), s.URL())
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "http://localhost/", nil)
	s.Handler().ServeHTTP(w, r)
	require.Contains(t, w.Body.String(), fmt.Sprintf("--unix-socket %s/s", dir))
}

func TestCommandsInEvents(t *testing.T) {
	for _, c := range []struct{ do, keys, want string }{
		{"toggle", `{}`, "toggle"}, {"drain", `{"server":"s.1","drain":true}`, "drain server=s.1 drain=true"}, {"param", `{"learner":"q","value":0.05}`, "param learner=q value=0.05"},
		{"policy", `{"name":"a b"}`, `policy name="a b"`},
	} {
		require.Equal(t, c.want, live.Spoken(c.do, []byte(c.keys)))
	}
}
