package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pages returns the Markdown of the repository, by path.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (path == "reports" || path == "testdata" || strings.HasPrefix(d.Name(), ".") && path != "."):
			return fs.SkipDir
		case filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		all[filepath.ToSlash(path)] = string(text)
		return err
	}))
	return all
}

var (
	fence   = regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$")
	link    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	dropped = regexp.MustCompile(`[^\p{L}\p{N}\s_-]`)
)

// anchors returns the names that a page's headings get, as the usual renderers make them.
func anchors(page string) []string {
	var all []string
	for _, h := range heading.FindAllStringSubmatch(fence.ReplaceAllString(page, ""), -1) {
		name := dropped.ReplaceAllString(strings.ToLower(h[1]), "")
		all = append(all, strings.ReplaceAll(name, " ", "-"))
	}
	return all
}

// Every link within the documentation leads to a file, and to a heading where it names one.
func TestLinks(t *testing.T) {
	all := pages(t)
	for path, text := range all {
		for _, l := range link.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			if strings.Contains(l[1], "://") {
				continue
			}
			file, anchor, named := strings.Cut(l[1], "#")
			target := path
			if file != "" {
				target = filepath.ToSlash(filepath.Join(filepath.Dir(path), file))
				_, err := os.Stat(target)
				require.NoError(t, err, "%s: (%s)", path, l[1])
			}
			if named {
				require.Contains(t, anchors(all[target]), anchor, "%s: (%s)", path, l[1])
			}
		}
	}
}

// runners are what runs a marked block, by what stands behind the fence.
var runners = map[string]string{
	"sh run":        "%s",
	"yaml config":   "cat > my.yaml <<'EOF'\n%sEOF\nslbtui --config my.yaml config",
	"yaml scenario": "cat > mine.yaml <<'EOF'\n%sEOF\nslbtui simulate --scenario-file mine.yaml --policies p2c --seeds 1",
}

// Blocks that are marked hold: "```sh run" is run by bash in a folder of its own, from which docs and config.yaml are at
// hand, and must end with success; "```yaml config" must be a configuration, "```yaml scenario" a scenario.
func TestCommandsOfTheDocumentation(t *testing.T) {
	root, err := os.Getwd()
	require.NoError(t, err)
	n := 0
	all := pages(t)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		for _, block := range fence.FindAllStringSubmatch(all[path], -1) {
			runner, marked := runners[block[1]]
			if !marked {
				continue
			}
			n++
			t.Run(path, func(t *testing.T) {
				dir := t.TempDir()
				for _, name := range []string{"docs", "config.yaml", "deploy"} {
					if _, err := os.Stat(name); err == nil {
						require.NoError(t, os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)))
					}
				}
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				shell := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", fmt.Sprintf(runner, block[2]))
				shell.WaitDelay = time.Second // not for what a block that failed left running: that ends by itself
				shell.Dir = dir
				shell.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir)
				var out bytes.Buffer
				shell.Stdout, shell.Stderr = &out, &out
				require.NoError(t, shell.Run(), "%s\n%s", block[2], out.String())
			})
		}
	}
	require.Positive(t, n)
}
