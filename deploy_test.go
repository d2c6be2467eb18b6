package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"slbtui/engine/config"
)

// What is deployed is a configuration: that of Compose, and the one within the ConfigMap of Kubernetes. (Their manifests
// are checked by testdata/manifests, the image by .ci/image.)
func TestDeployedConfigurations(t *testing.T) {
	compose, err := os.ReadFile("deploy/compose/config.yaml")
	require.NoError(t, err)
	manifest, err := os.ReadFile("deploy/kubernetes/config.yaml")
	require.NoError(t, err)
	var configMap struct{ Data map[string]string }
	require.NoError(t, yaml.Unmarshal(manifest, &configMap))

	for name, text := range map[string]string{"deploy/compose/config.yaml": string(compose), "deploy/kubernetes/config.yaml": configMap.Data["config.yaml"]} {
		require.NotEmpty(t, strings.TrimSpace(text), name)
		cfg, err := config.Load(config.Source{Name: "config.yaml", Data: builtIn}, config.Source{Name: name, Data: []byte(text)})
		require.NoError(t, err)
		require.Equal(t, "q_factored", cfg.LoadBalancer.Policy)
	}
}
