package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/qlearn/net"
	"slbtui/qlearn/shared"
)

func TestWeightsAreReadWithTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "weights.json")
	file, err := os.Create(path)
	require.NoError(t, err)
	network := net.New(5, shared.Sizes()...)
	require.NoError(t, network.Write(file))
	require.NoError(t, file.Close())

	c, err := Load(Source{Name: "my.yaml", Data: []byte("q_network: {weights: " + path + "}")})
	require.NoError(t, err)
	require.NoError(t, c.Validate())
	require.Equal(t, network, c.PolicyOptions().Network)
	shipped, err := Load()
	require.NoError(t, err)
	require.Nil(t, shipped.PolicyOptions().Network)

	require.NoError(t, os.WriteFile(path, []byte("{}"), 0o600))
	for _, where := range []string{path, filepath.Join(dir, "nowhere.json")} {
		_, err = Load(Source{Name: "my.yaml", Data: []byte("q_network:\n  weights: " + where)})
		require.ErrorContains(t, err, "my.yaml:2: q_network.weights: ")
		require.ErrorContains(t, err, where)
		require.ErrorContains(t, err, "slbtui train")
	}
}
