package cmd

import (
	"bytes"
	"errors"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"slbtui/engine/summary"
)

// A disk that is full takes the files, and not the digest, too.
func TestDigestOfARunThatCannotBeExported(t *testing.T) {
	full := errors.New("no space left on device")
	var b bytes.Buffer
	cmd := &cobra.Command{}
	cmd.SetOut(&b)
	s := &session{cmd: cmd, face: faceConsole, export: func(summary.Run) (string, error) { return "reports/x", full }}
	err := s.leave(summary.Run{Seed: 7, ElapsedS: 3})
	require.ErrorIs(t, err, full)
	require.Contains(t, b.String(), "run of 3 s, seed 7")
	require.NotContains(t, b.String(), "summary in", "it is not whole")
}
