package haproxy

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/steer/haproxytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func apiOf(t *testing.T, address string) API {
	api, err := NewAPI(address)
	require.NoError(t, err)
	return api
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string]API{
		"/run/haproxy/admin.sock":      {"unix", "/run/haproxy/admin.sock"},
		"unix:/run/haproxy/admin.sock": {"unix", "/run/haproxy/admin.sock"},
		"unix@/run/haproxy/admin.sock": {"unix", "/run/haproxy/admin.sock"},
		"127.0.0.1:9999":               {"tcp", "127.0.0.1:9999"},
		"ipv4@127.0.0.1:9999":          {"tcp", "127.0.0.1:9999"},
		"./admin.sock":                 {"unix", "./admin.sock"},
	} {
		require.Equal(t, want, apiOf(t, address), address)
	}
	_, err := NewAPI("haproxy")
	require.ErrorContains(t, err, "HOST:PORT")
}

func TestServersAreReadAndSet(t *testing.T) {
	f := haproxytest.Start(t, "app", haproxytest.Server{Name: "a", Weight: 10, Initial: 10, MaxConn: 7, Current: 3}, haproxytest.Server{Name: "b", Weight: 0, Initial: 1})
	api := apiOf(t, f.Path)
	p, err := api.Process(t.Context())
	require.NoError(t, err)
	require.Equal(t, Process{100, "2.6.12", 50}, p)
	require.NoError(t, api.SetWeight(t.Context(), "app", "b", 33))
	require.NoError(t, api.SetMaxConn(t.Context(), "app", "b", 4))
	servers, err := api.Servers(t.Context(), "app")
	require.NoError(t, err)
	require.Equal(t, []Server{
		{Name: "a", Addr: "127.0.0.1:80", Status: "UP", Weight: 10, Initial: 10, MaxConn: 7, Current: 3},
		{Name: "b", Addr: "127.0.0.1:80", Status: "UP", Weight: 33, Initial: 1, MaxConn: 4},
	}, servers)
}

// What is wrong is said in a sentence, with what to do.
func TestRefusals(t *testing.T) {
	f := haproxytest.Start(t, "app", haproxytest.Server{Name: "a", Weight: 1, Initial: 1})
	api := apiOf(t, f.Path)
	_, err := api.Servers(t.Context(), "web")
	require.EqualError(t, err, "HAProxy at "+f.Path+` has no backend "web" with servers; it has app, other`)
	require.ErrorContains(t, api.SetWeight(t.Context(), "app", "x", 1), "No such server")
	require.NoError(t, api.CheckBalance(t.Context(), "app"))
	f.Static()
	require.ErrorContains(t, api.CheckBalance(t.Context(), "app"), "balance static-rr, which takes no new weights")
	require.ErrorContains(t, api.SetWeight(t.Context(), "app", "a", 2), "weights can be steered under balance leastconn")
	f.Demote()
	require.ErrorContains(t, api.SetWeight(t.Context(), "app", "a", 1), `"stats socket `+f.Path+` level admin" in its global section`)

	_, err = apiOf(t, filepath.Join(t.TempDir(), "none")).Process(t.Context())
	require.ErrorContains(t, err, "is HAProxy running")
	f.Says("show info", "HTTP/1.1 400 Bad Request\x1b[2J")
	_, err = api.Process(t.Context())
	require.ErrorContains(t, err, "is no HAProxy")
	require.NotContains(t, err.Error(), "\x1b")
}

// A thousand servers are enough, and an answer without an end has one.
func TestAnswersAreBounded(t *testing.T) {
	f := haproxytest.Start(t, "app", haproxytest.Server{Name: "a", Weight: 1, Initial: 1})
	row := "app,s,0,0,,UP,1,,1,\n"
	f.Says("show stat app 4 -1", "# pxname,svname,qcur,scur,slim,status,weight,addr,uweight,\n"+strings.Repeat(row, 5000))
	servers, err := apiOf(t, f.Path).Servers(t.Context(), "app")
	require.NoError(t, err)
	require.Len(t, servers, MaxServers)
	f.Says("show stat app 4 -1", "# "+strings.Repeat("x", maxAnswer))
	_, err = apiOf(t, f.Path).Servers(t.Context(), "app")
	require.ErrorContains(t, err, "more than 8 MiB")
}

func TestNoAnswer(t *testing.T) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	require.NoError(t, err)
	defer l.Close()
	ctx, cancel := context.WithCancel(t.Context())
	accepted := make(chan net.Conn)
	go func() {
		c, _ := l.Accept()
		cancel() // nobody waits any more
		accepted <- c
	}()
	_, err = apiOf(t, l.Addr().String()).Ask(ctx, "show info")
	require.Error(t, err)
	(<-accepted).Close()
}

func FuzzAnswers(f *testing.F) {
	f.Add("# pxname,svname,status,weight,uweight,\napp,a,UP,1,1,\n")
	f.Add("# pxname,svname,status,weight\napp,\"a\nb\",UP,9999999999999999999\napp,FRONTEND")
	f.Add("1\n# be_id be_name srv_id srv_name srv_iweight\n1 app 1 a 5\n")
	f.Add("No such proxy.")
	f.Add("# \"")
	f.Fuzz(func(t *testing.T, answer string) {
		servers, err := parseStat(answer, "app")
		require.True(t, err != nil || len(servers) > 0 && len(servers) <= MaxServers)
		for _, s := range servers {
			require.NoError(t, CheckName(s.Name), "it goes into commands")
			require.NotContains(t, s.Status+s.Addr, "\x1b")
			require.GreaterOrEqual(t, s.Weight, 0)
		}
		require.LessOrEqual(t, len(parseState(answer)), MaxServers)
		require.NotContains(t, short(answer), "\n")
	})
}
