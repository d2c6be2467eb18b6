package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "slbtui"

// imports are the packages of the program, and what each imports of the others, tests left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,GoFiles,Imports", "./...")
	list.Dir = "../.."
	text, err := list.Output()
	require.NoError(t, err)
	out := map[string][]string{}
	for dec := json.NewDecoder(strings.NewReader(string(text))); ; {
		var p struct {
			ImportPath string
			GoFiles    []string
			Imports    []string
		}
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return out
		}
		require.NoError(t, err)
		if len(p.GoFiles) == 0 || strings.HasPrefix(p.ImportPath, module+"/docs/") { // tests alone, and tools of the documentation
			continue
		}
		var ours []string
		for _, i := range p.Imports {
			if strings.HasPrefix(i, module+"/") {
				ours = append(ours, short(i))
			}
		}
		out[short(p.ImportPath)] = ours
	}
}

func short(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// Every package stands in one room, every import between rooms has its arrow, and every arrow an import.
func TestThePictureIsTrue(t *testing.T) {
	h, err := read(plan)
	require.NoError(t, err)
	roomOf := map[string]string{}
	for _, rooms := range h.floors {
		for _, r := range rooms {
			for _, b := range r.boxes {
				require.Empty(t, roomOf[b.path], "%s stands in two rooms", b.path)
				roomOf[b.path] = r.name
			}
		}
	}
	used := map[arrow]bool{}
	packages := imports(t)
	for path, imported := range packages {
		require.NotEmpty(t, roomOf[path], "package %s is missing in rooms.txt", path)
		for _, i := range imported {
			if a := (arrow{roomOf[path], roomOf[i]}); a.from != a.to {
				require.True(t, slices.Contains(h.arrows, a), "%s imports %s, and there is no arrow %s -> %s", path, i, a.from, a.to)
				used[a] = true
			}
		}
	}
	for path := range roomOf {
		require.Contains(t, packages, path, "rooms.txt names a package that is not there")
	}
	for _, a := range h.arrows {
		require.True(t, used[a], "nothing of %s imports anything of %s", a.from, a.to)
	}
}

func TestThePictureIsDrawnAnew(t *testing.T) {
	h, err := read(plan)
	require.NoError(t, err)
	drawn, err := os.ReadFile("../architecture.svg")
	require.NoError(t, err)
	require.Equal(t, h.draw(), string(drawn), "run: go run ./docs/architecture > docs/architecture.svg")
}

// Whoever runs an engine, or looks at one, pays for no plots: those are for who writes files.
func TestARunningEngineLinksNoPlots(t *testing.T) {
	list := exec.Command("go", "list", "-deps", module+"/engine", module+"/tui")
	list.Dir = "../.."
	text, err := list.Output()
	require.NoError(t, err)
	for path := range strings.Lines(string(text)) {
		require.NotContains(t, path, "gonum.org/v1/plot")
		require.NotContains(t, path, "html/template")
		require.NotContains(t, path, module+"/engine/report")
	}
}
