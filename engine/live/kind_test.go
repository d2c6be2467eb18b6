package live

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every command is in the table, but for those that nobody gives from outside.
func TestEveryCommandIsInTheTable(t *testing.T) {
	inside := map[string]bool{"RefreshCertificate": true, "Note": true, "Watch": true, "Others": true, "SaveTable": true, "LoadTable": true}
	listed := map[string]bool{}
	for _, k := range Kinds() {
		require.False(t, listed[k.of.Name()], "%s once", k.of)
		listed[k.of.Name()] = true
	}
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			if fn, ok := n.(*ast.FuncDecl); ok && fn.Name.Name == "command" && fn.Recv != nil {
				name := fn.Recv.List[0].Type.(*ast.Ident).Name
				found++
				require.NotEqual(t, listed[name], inside[name], "%s is either in the table or one of inside", name)
			}
			return true
		})
	}
	require.Equal(t, len(listed)+len(inside), found)
}

func TestExamplesAreReadAsWritten(t *testing.T) {
	for _, k := range Kinds() {
		do, body, err := Write(k.Example)
		require.NoError(t, err)
		require.Equal(t, k.Do, do)
		named, ok := KindNamed(do)
		require.True(t, ok)
		cmd, err := named.Read(body)
		require.NoError(t, err, "%s %s", do, body)
		require.Equal(t, k.Example, cmd)
		require.Equal(t, k.Changes, Changes(cmd))
		for _, key := range k.required {
			_, err := k.Read([]byte(`{}`))
			require.ErrorContains(t, err, "is missing", key)
		}
	}
}

func TestKeysLeftOut(t *testing.T) {
	for do, want := range map[string]Command{"pause": SetPaused{true}, "heal": ClearFaults{}, "toggle": ToggleRL{}} {
		k, _ := KindNamed(do)
		cmd, err := k.Read([]byte(`{}`))
		require.NoError(t, err)
		require.Equal(t, want, cmd)
	}
	k, _ := KindNamed("drain")
	cmd, err := k.Read([]byte(`{"server": "a"}`))
	require.NoError(t, err)
	require.Equal(t, DrainServer{"a", true}, cmd)
	cmd, err = k.Read([]byte(`{"server": "a", "drain": false}`))
	require.NoError(t, err)
	require.Equal(t, DrainServer{"a", false}, cmd)
}

func TestOnlyThisEndWatches(t *testing.T) {
	require.False(t, Changes(Watch{}))
	_, _, err := Write(Watch{})
	require.Error(t, err)
	require.True(t, Changes(Note{}), "what is not known is not harmless")
}

func FuzzReadCommand(f *testing.F) {
	for _, k := range Kinds() {
		_, body, _ := Write(k.Example)
		f.Add(k.Do, body)
	}
	f.Add("policy", []byte(`{"name":"x"}{}`))
	f.Fuzz(func(t *testing.T, do string, body []byte) {
		k, ok := KindNamed(do)
		if !ok {
			return
		}
		cmd, err := k.Read(body)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		_, again, err := Write(cmd)
		require.NoError(t, err)
		same, err := k.Read(again)
		require.NoError(t, err)
		require.Equal(t, cmd, same)
	})
}
