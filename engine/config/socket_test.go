package config

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSocketAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"unix:/run/app.sock": "/run/app.sock", "unix:/a": "/a",
		"unix:": "", "unix:/": "", "unix:app.sock": "", "unix://host/path": "", "unix:/a?b": "", "unix:/a%20b": "", "/run/app.sock": "", "http://h": "",
		"unix:/" + strings.Repeat("x", maxSocketPath): "",
	} {
		path, ok := Socket(address)
		require.Equal(t, want != "", ok, address)
		if ok {
			require.Equal(t, want, path)
		}
	}
	two := Default()
	two.Servers = []Server{{ID: "a", URL: "unix:/a", Weight: 1}, {ID: "b", URL: "unix:/b", Weight: 1}}
	require.NoError(t, two.Validate())
	two.Servers[1].URL = "unix:/a"
	require.ErrorContains(t, two.Validate(), "is taken by servers[0].url")
}
