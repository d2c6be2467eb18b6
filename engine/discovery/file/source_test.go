package file

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/discovery"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestListsOfServers(t *testing.T) {
	a := discovery.Server{Address: "10.0.0.5:9001", URL: "http://10.0.0.5:9001", Weight: 1}
	for text, want := range map[string][]discovery.Server{
		"":                                       nil,
		"# none":                                 nil,
		"[]":                                     nil,
		"- 10.0.0.5:9001":                        {a},
		"[\"10.0.0.5:9001\"]":                    {a},
		"[\n\t{\"url\": \"10.0.0.5:9001\"}\n]\n": {a},
		"- url: http://10.0.0.5:9001":            {a},
		"- {url: 10.0.0.5:9001, zone: eu-1}":     {{Address: a.Address, URL: a.URL, Weight: 1, Zone: "eu-1"}},
		"- {url: 'https://[::1]/base', weight: 2.5}\n- web1.example.com": {
			{Address: "[::1]:443", URL: "https://[::1]/base", Weight: 2.5}, {Address: "web1.example.com:80", URL: "http://web1.example.com", Weight: 1},
		},
	} {
		found, problem := parse([]byte(text))
		require.Nil(t, problem, text)
		require.Equal(t, want, found, text)
	}
	for text, want := range map[string]string{
		"a: b":                      "a mapping is not a list",
		"- a\n- [b]":                "[1]: a list is not a server (HOST:PORT",
		"- ftp://h":                 `[0]: "ftp://h" is not a server`,
		"- http://user:secret@h":    `[0]: "http://...@h" is not a server`,
		"- {url: h, weight: 0}":     "[0].weight: 0 is not a weight",
		"- {url: h, weight: heavy}": `[0].weight: "heavy" is not a weight`,
		"- {url: h, wight: 1}":      "[0].wight: unknown key (allowed: url, weight, zone; did you mean weight?)",
		"- {weight: 1}":             "[0]: nothing is not a server",
		"- {url: h, zone: a b}":     `[0].zone: "a b" is not a zone`,
		"- {url: h, zone: [a]}":     "[0].zone: a list is not a zone",
		"- unix:/run/x.sock":        "is not a server",
		"- http://h/?a=b":           "is not a server",
		"-":                         "is not a server",
		"- a\n---\n- b":             "a second YAML document",
		"- &a x\n- *a":              "an alias is not a server",
		"[":                         "not YAML",
	} {
		_, problem := parse([]byte(text))
		require.NotNil(t, problem, text)
		require.ErrorContains(t, problem, want, text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("- {url: 'https://[::1]/base', weight: 2.5}\n- web1.example.com"))
	f.Add([]byte(`[{"url": "10.0.0.5:9001"}]`))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = parse(data) })
}

// A file that is changed, replaced, spoilt and away is told of as it is.
func TestAFileIsWatched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "servers.yaml")
	heard := make(chan string, 10)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	s := New(path)
	require.Equal(t, "file "+path, s.String())
	go func() {
		done <- s.Follow(ctx, func(found []discovery.Server, err error) {
			text := ""
			for _, f := range found {
				text += f.Address + " "
			}
			if err != nil {
				text = err.Error()
			}
			heard <- text
		})
	}()
	hears := func(want string) {
		t.Helper()
		select {
		case got := <-heard:
			require.Contains(t, got, want)
		case <-time.After(30 * time.Second):
			require.FailNow(t, "waited in vain", want)
		}
	}
	hears("no such file")
	require.NoError(t, os.WriteFile(path, []byte("- a:1"), 0o600))
	hears("a:1 ")
	other := filepath.Join(filepath.Dir(path), "other")
	require.NoError(t, os.WriteFile(other, []byte("- a:1\n- b:2"), 0o600))
	require.NoError(t, os.Rename(other, path))
	hears("a:1 b:2 ")
	require.NoError(t, os.WriteFile(other, []byte("\n\n- ftp://x"), 0o600))
	require.NoError(t, os.Rename(other, path))
	hears(`line 3: [0]: "ftp://x" is not a server`)
	require.NoError(t, os.Remove(path))
	require.NoError(t, os.Mkdir(path, 0o700))
	for {
		got := <-heard
		if got != "stat "+path+": no such file or directory" && got != "read "+path+": no such file or directory" {
			require.Contains(t, got, "no regular file")
			break
		}
	}
	cancel()
	require.NoError(t, <-done)
}
