package preferences

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func fileIn(t *testing.T, content string) string {
	path := filepath.Join(t.TempDir(), "preferences.yaml")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

// known are such as the console has.
var known = []Preference{
	{Name: "theme", Values: []string{"dark", "light", "contrast"}}, {Name: "symbols", Values: []string{"braille", "block", "ascii"}},
	{Name: "mouse", Values: []string{"on", "off"}}, {Name: "window", Values: []string{"30s", "1m", "2m", "5m"}}, {Name: "table", Values: []string{"values", "heat map"}},
	{Name: "hide", Values: []string{"events", "flow"}, Choice: Some},
}

func TestPath(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", "/somewhere")
	t.Setenv("HOME", "")
	path, err := Path()
	require.NoError(t, err)
	require.Equal(t, "/somewhere/slbtui/preferences.yaml", path)
	t.Setenv("XDG_CONFIG_HOME", "")
	_, err = Path()
	require.ErrorContains(t, err, "preferences are not kept: ")
}

// Every value of every preference comes back as it was kept.
func TestKeptAndReadAgain(t *testing.T) {
	for _, p := range known {
		for _, value := range p.Values {
			path := filepath.Join(t.TempDir(), "new", "folder", "preferences.yaml")
			f, err := Open(path, known)
			require.NoError(t, err, "there is none yet")
			require.Empty(t, f.Values())
			f.Keep(p.Name, value)
			require.NoFileExists(t, path, "keeping writes nothing")
			require.NoError(t, f.Save())
			f, err = Open(path, known)
			require.NoError(t, err)
			require.Equal(t, map[string]string{p.Name: value}, f.Values())
		}
	}
}

func TestFormat(t *testing.T) {
	values := map[string]string{"mouse": "off", "theme": "light", "window": "2m", "table": "heat map"}
	require.Equal(t, heading+"theme: \"light\"\nmouse: \"off\"\nwindow: \"2m\"\ntable: \"heat map\"\n", string(format(values, known)))
}

func TestWrittenOnlyWhenChanged(t *testing.T) {
	path := fileIn(t, "theme: light # mine\n")
	f, err := Open(path, known)
	require.NoError(t, err)
	f.Keep("theme", "light")
	require.NoError(t, f.Save())
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "theme: light # mine\n", string(data))
	f.Keep("theme", "dark")
	require.NoError(t, f.Save())
	data, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, heading+"theme: \"dark\"\n", string(data))
	require.NoError(t, os.Remove(path))
	require.NoError(t, f.Save())
	require.NoFileExists(t, path, "nothing was left to write")
}

func TestDamaged(t *testing.T) {
	for content, want := range map[string]string{
		"theme: pink\n":                   `:1: theme: "pink" is not one of dark, light`,
		"theme: light\ncolour: red\n":     `:2: "colour" is no preference; there is theme, symbols`,
		"theme: [light]\n":                `:1: theme: "" is not one of`,
		"hide: events pie\n":              `:1: hide: "events pie" is not some of events, flow`,
		"- theme\n":                       ":1: want lines such as theme: light",
		"\n\nlight\n":                     ":3: want lines",
		"theme: light\n\twindow: 5m\n":    ":2: not YAML: found a tab",
		"theme: \"light\n":                "not YAML",
		"\x00\x01":                        "not YAML",
		"? {}\n: x\n":                     `"" is no preference`,
		strings.Repeat("#", maxBytes+100): "larger than 64 KB",
	} {
		path := fileIn(t, content)
		f, err := Open(path, known)
		require.ErrorContains(t, err, path)
		require.ErrorContains(t, err, want, content)
		require.NotContains(t, err.Error(), "\n")
		require.Empty(t, f.Values())
		require.NoError(t, f.Save())
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, content, string(data), "it stays until something changes")

		f.Keep("window", "5m")
		require.NoError(t, f.Save())
		data, err = os.ReadFile(path + ".bak")
		require.NoError(t, err)
		require.Equal(t, content, string(data))
		f, err = Open(path, known)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"window": "5m"}, f.Values())
		f.Keep("theme", "dark")
		require.NoError(t, f.Save())
		require.FileExists(t, path+".bak")
	}
	for _, content := range []string{"", "# nothing\n", "---\n"} {
		f, err := Open(fileIn(t, content), known)
		require.NoError(t, err, "%q", content)
		require.Empty(t, f.Values())
	}
}

func TestNotAFile(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir, known)
	require.ErrorContains(t, err, dir+": not a file")

	blocked := filepath.Join(fileIn(t, ""), "preferences.yaml") // its folder is a file
	f, err := Open(blocked, known)
	require.Error(t, err)
	f.Keep("theme", "light")
	require.ErrorContains(t, f.Save(), "preferences are not kept: ")
	require.Error(t, f.Save(), "it is still to be written")
}

func TestALinkStaysOne(t *testing.T) {
	real := fileIn(t, "theme: light\n")
	link := filepath.Join(t.TempDir(), "preferences.yaml")
	require.NoError(t, os.Symlink(real, link))
	f, err := Open(link, known)
	require.NoError(t, err)
	f.Keep("theme", "dark")
	require.NoError(t, f.Save())
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink)
	data, err := os.ReadFile(real)
	require.NoError(t, err)
	require.Contains(t, string(data), `theme: "dark"`)
}

func TestManyAtOnce(t *testing.T) {
	path := fileIn(t, "")
	f, err := Open(path, known)
	require.NoError(t, err)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			f.Keep("window", []string{"1m", "2m"}[i%2])
			f.Keep("unknown"+strconv.Itoa(i), "never written")
			_ = f.Values()
			require.NoError(t, f.Save())
		})
	}
	all.Wait()
	_, err = Open(path, known)
	require.NoError(t, err)
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"theme: light\n", "a: &x [*x]\n", "theme: light\ntheme: dark\n", "\xff", "<<: {theme: light}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		values, err := parse("f", data, known)
		if err != nil {
			require.Nil(t, values)
			return
		}
		again, err := parse("f", format(values, known), known)
		require.NoError(t, err)
		require.Equal(t, values, again)
	})
}

// Of some preferences there are several values at a time, or none.
func TestSomeOfManyValues(t *testing.T) {
	for _, value := range []string{"", "events", "events flow"} {
		f, err := Open(fileIn(t, "hide: \""+value+"\"\n"), known)
		require.NoError(t, err)
		require.Equal(t, map[string]string{"hide": value}, f.Values())
		f.Keep("hide", "flow")
		require.NoError(t, f.Save())
	}
}
