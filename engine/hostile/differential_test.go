package hostile

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// others are proxies to compare with, where they are installed. %[1]s is where to listen, %[2]s the
// upstream, %[3]s a folder.
var others = []struct {
	name   string
	args   []string // the configuration file comes behind
	config string
}{
	{"haproxy", []string{"-db", "-f"}, `
global
	stats socket %[3]s/socket
defaults
	mode http
	timeout connect 1s
	timeout client 300ms
	timeout server 1s
	timeout http-request 300ms
	timeout http-keep-alive 300ms
frontend f
	bind %[1]s
	default_backend b
backend b
	server u %[2]s
`},
	{"nginx", []string{"-e", "stderr", "-c"}, `
daemon off;
master_process off;
pid %[3]s/pid;
error_log stderr crit;
events {}
http {
	access_log off;
	client_header_timeout 300ms;
	client_body_timeout 300ms;
	keepalive_timeout 300ms;
	client_body_temp_path %[3]s/body;
	proxy_temp_path %[3]s/proxy;
	fastcgi_temp_path %[3]s/fastcgi;
	uwsgi_temp_path %[3]s/uwsgi;
	scgi_temp_path %[3]s/scgi;
	upstream u { server %[2]s; keepalive 4; }
	server {
		listen %[1]s;
		location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_pass http://u; }
	}
}
`},
}

// TestAgainstOtherProxies asks proxies that have been attacked for twenty years. What all of them
// refuse, we refuse too.
func TestAgainstOtherProxies(t *testing.T) {
	verdicts := map[string]map[string]verdict{}
	var asked []string
	for _, o := range others {
		path, err := exec.LookPath(o.name)
		if err != nil {
			t.Logf("%s is not installed: not compared with", o.name)
			continue
		}
		asked = append(asked, o.name)
		verdicts[o.name] = askOther(t, path, o.args, o.config)
	}
	for _, c := range table(t) {
		ours := judge(t, c.bytes)
		row := fmt.Sprintf("%-45s slbtui %-28s", c.name, ours)
		refused := len(asked) > 0
		for _, name := range asked {
			v := verdicts[name][c.name]
			row += fmt.Sprintf(" %s %-28s", name, v)
			refused = refused && v.whole() == 0
		}
		t.Log(row)
		if refused && len(asked) == len(others) && ours.whole() > 0 {
			t.Errorf("%s: all others refuse it, we pass it on", c.name)
		}
	}
}

// askOther sends the table through one proxy. It cannot be ended after each request, so it gets a
// moment for what is still on its way.
func askOther(t *testing.T, path string, args []string, config string) map[string]verdict {
	u, err := newRecorder()
	require.NoError(t, err)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := free.Addr().String()
	require.NoError(t, free.Close())
	dir := t.TempDir()
	file := filepath.Join(dir, "config")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, config, address, u.addr(), dir), 0o600))
	cmd := exec.Command(path, append(args, file)...)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	require.NoError(t, cmd.Start())
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		u.close()
	}()
	require.Eventually(t, func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	}, 30*time.Second, 10*time.Millisecond, "it does not listen")
	all := map[string]verdict{}
	for _, c := range table(t) {
		got, err := send(address, c.bytes)
		if err != nil {
			t.Logf("%s, %s: %v", filepath.Base(path), c.name, err)
		}
		<-time.After(20 * time.Millisecond)
		requests, faults := u.take()
		all[c.name] = judged(got, requests, faults)
	}
	return all
}
