package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// served is a running "slbtui serve".
type served struct {
	t     *testing.T
	cmd   *exec.Cmd
	lines chan string // of its log
}

func serveProcess(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{t: t, cmd: self(t, append([]string{"serve"}, args...)...)}
	stderr, err := s.cmd.StderrPipe()
	require.NoError(t, err)
	s.lines = started(t, s.cmd, stderr)
	return s
}

// logs waits for a line and returns what the pattern's group matched.
func (s *served) logs(pattern string) string {
	s.t.Helper()
	re := regexp.MustCompile(pattern)
	deadline := time.After(20 * time.Second)
	for {
		select {
		case line, open := <-s.lines:
			require.True(s.t, open, "ended without logging %s", pattern)
			if m := re.FindStringSubmatch(line); m != nil {
				return m[len(m)-1]
			}
		case <-deadline:
			require.Fail(s.t, "never logged", pattern)
		}
	}
}

func text(t *testing.T, url string) string {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return string(b)
}

func TestServeReadsItsConfigurationAgain(t *testing.T) {
	upstream := func(name string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) }))
		t.Cleanup(s.Close)
		return s.URL
	}
	one, two := upstream("one"), upstream("two")
	dir := t.TempDir()
	file, access := filepath.Join(dir, "my.yaml"), filepath.Join(dir, "access.log")
	write := func(url string) {
		config := fmt.Sprintf("servers: [{id: a, url: %q}]\nload_balancer: {port: 0, policy: p2c}\nhealth: {path: \"\"}\n", url)
		require.NoError(t, os.WriteFile(file+".new", []byte(config), 0o600))
		require.NoError(t, os.Rename(file+".new", file))
	}
	write(one)
	s := serveProcess(t, "--config", file, "--admin", "127.0.0.1:0", "--access-log", access)
	url := s.logs(`msg=listening url=(\S+)`)
	admin := s.logs(`msg="listening for operators" url=(\S+)`)
	s.logs("p2c routes")
	require.Equal(t, "one", text(t, url+"/path?secret=1"))

	write(two)
	s.logs("configuration read") // noticed by itself
	require.Equal(t, "two", text(t, url))

	require.NoError(t, os.WriteFile(file, []byte("servers:\n  - {id: a, url: ftp://x}\n"), 0o600))
	s.logs(`configuration of before is kept.*my\.yaml:2: servers\[0\]\.url`)
	require.Equal(t, "two", text(t, url))

	write(one)
	require.NoError(t, os.Rename(access, access+".1"))
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGHUP))
	s.logs("configuration read")
	require.Equal(t, "one", text(t, url))
	require.Eventually(t, func() bool { // a request is counted when it has ended, maybe after its client has the answer
		return strings.Contains(text(t, admin+"/metrics"), `slbtui_request_duration_seconds_count{code="2xx",upstream="a"} 4`)
	}, 20*time.Second, 10*time.Millisecond)
	require.Contains(t, text(t, admin+"/snapshot"), `"policy":"p2c"`)

	http.DefaultClient.CloseIdleConnections()
	require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
	s.logs("stopped")
	for range s.lines { // to the end: Wait closes the pipe
	}
	require.NoError(t, s.cmd.Wait(), "a clean end: exit code 0")
	before, err := os.ReadFile(access + ".1")
	require.NoError(t, err)
	require.Equal(t, 3, strings.Count(string(before), "\n"))
	require.Contains(t, string(before), `"path":"/path"`)
	require.NotContains(t, string(before), "secret")
	after, err := os.ReadFile(access)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(after), "\n"))
}

// A drain may take as long as its configuration likes, but not against whoever asks twice.
func TestSecondSignalEndsTheDrain(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	up := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(up.Close)
	t.Cleanup(func() { close(release) })
	for name, delays := range map[string]string{
		"while it says so":  "drain_delay: 1h, drain_timeout: 1h",
		"while it finishes": "drain_timeout: 1h",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "my.yaml")
			config := fmt.Sprintf("servers: [{id: a, url: %q}]\nload_balancer: {port: 0, policy: p2c, %s}\nhealth: {path: \"\"}\n", up.URL, delays)
			require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
			s := serveProcess(t, "--config", file)
			url := s.logs(`msg=listening url=(\S+)`)
			cut := make(chan error, 1)
			go func() {
				res, err := http.Get(url)
				if err == nil {
					err = res.Body.Close()
				}
				cut <- err
			}()
			<-arrived
			require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
			s.logs("draining; another signal")
			require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
			s.logs("cutting what is in flight")
			s.logs("stopped")
			require.Error(t, <-cut)
			for range s.lines { // to the end: Wait closes the pipe
			}
			require.NoError(t, s.cmd.Wait(), "a clean end: exit code 0")
		})
	}
}
