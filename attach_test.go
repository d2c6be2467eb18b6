package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/admin/token"
)

// attachedConsole is a running "slbtui attach --plain".
type attachedConsole struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string
}

func attachProcess(t *testing.T, env []string, args ...string) *attachedConsole {
	t.Helper()
	c := &attachedConsole{t: t, cmd: self(t, append([]string{"attach", "--plain", "--interval", "1s"}, args...)...)}
	c.cmd.Env = append(os.Environ(), env...)
	var err error
	c.in, err = c.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := c.cmd.StdoutPipe()
	require.NoError(t, err)
	c.lines = started(t, c.cmd, out)
	return c
}

func (c *attachedConsole) says(pattern string) {
	c.t.Helper()
	re, deadline := regexp.MustCompile(pattern), time.After(30*time.Second)
	for {
		select {
		case line, open := <-c.lines:
			require.True(c.t, open, "ended without saying %s", pattern)
			if re.MatchString(line) {
				return
			}
		case <-deadline:
			require.Fail(c.t, "never said", pattern)
		}
	}
}

func (c *attachedConsole) types(line string) {
	c.t.Helper()
	_, err := io.WriteString(c.in, line+"\n")
	require.NoError(c.t, err)
}

// A serve that is killed and started anew is picked up by the console that is attached to it, which commands it then.
// Who may is read again on SIGHUP.
func TestAttachSurvivesARestart(t *testing.T) {
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	defer up.Close()
	dir, err := os.MkdirTemp("", "slb") // short enough for a socket
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	socket, tokens, config := "unix:"+filepath.Join(dir, "s"), filepath.Join(dir, "tokens"), filepath.Join(dir, "c.yaml")
	secret, line := token.New(token.Holder{Role: token.Operator, Name: "alice"})
	require.NoError(t, os.WriteFile(tokens, []byte(line), 0o600))
	require.NoError(t, os.WriteFile(config, []byte("admin: {listen: '"+socket+"', tokens_file: '"+tokens+"'}"), 0o600))
	serve := func() *served {
		s := serveProcess(t, "--config", config, "--listen", "127.0.0.1:0", "--upstream", up.URL)
		s.logs("started, seed")
		return s
	}
	first := serve()
	c := attachProcess(t, []string{"SLBTUI_TOKEN=" + secret}, socket)
	c.says("slbtui, attached to " + regexp.QuoteMeta(socket))
	require.NoError(t, first.cmd.Process.Kill())
	_ = first.cmd.Wait() // killed
	c.says("connection lost: ")
	second := serve()
	c.says("connection back")
	c.says("started anew")
	c.types("policy p2c")
	c.says("ok: p2c routes now")
	second.logs("alice: policy name=p2c")

	_, another := token.New(token.Holder{Role: token.Viewer, Name: "bob"})
	require.NoError(t, os.WriteFile(tokens, []byte(another), 0o600))
	require.NoError(t, second.cmd.Process.Signal(syscall.SIGHUP))
	c.says("connection lost: .*this token is not known here")
	c.types("quit")
	require.NoError(t, c.cmd.Wait())
}
