package haproxy

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAgentAnswersEachServer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	said := make(chan string, 3)
	a, err := ListenAgent(ctx, "127.0.0.1:0", func(name string) string {
		said <- name
		if name == "s1" {
			return Ready(68)
		}
		return ""
	})
	require.NoError(t, err)
	ended := make(chan error)
	go func() { ended <- a.Run(ctx) }()
	ask := func(text string) string {
		c, err := net.Dial("tcp", a.Addr())
		require.NoError(t, err)
		defer c.Close()
		_, err = io.WriteString(c, text)
		require.NoError(t, err)
		answer, err := io.ReadAll(c)
		require.NoError(t, err)
		return string(answer)
	}
	require.Equal(t, "up ready 68%\n", ask("s1\n"))
	require.Equal(t, "s1", <-said)
	require.Empty(t, ask("nobody\x1b[2J\n"), "HAProxy changes nothing")
	require.NotContains(t, <-said, "\x1b")
	cancel()
	require.NoError(t, <-ended)
}
