package cmd

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFace(t *testing.T) {
	for _, test := range []struct {
		flags    consoleFlags
		terminal bool
		termType string
		want     face
		why      string
	}{
		{consoleFlags{}, true, "xterm-256color", faceConsole, ""},
		{consoleFlags{}, true, "", faceConsole, ""}, // Windows sets none
		{consoleFlags{}, true, "dumb", facePlain, "TERM=dumb"},
		{consoleFlags{}, false, "xterm", faceHeadless, "no terminal"},
		{consoleFlags{}, false, "dumb", faceHeadless, "no terminal"},
		{consoleFlags{plain: true}, false, "dumb", facePlain, ""},
		{consoleFlags{plain: true}, true, "xterm", facePlain, ""},
		{consoleFlags{noTUI: true}, true, "dumb", faceHeadless, ""},
	} {
		got, why := test.flags.face(test.terminal, test.termType)
		require.Equal(t, test.want, got, "%+v", test)
		require.Contains(t, why, test.why)
		require.Equal(t, test.why == "", why == "")
	}
}
