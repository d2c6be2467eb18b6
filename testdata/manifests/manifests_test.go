// The files under deploy/ are what Kubernetes and Compose understand: decoded strictly into the published types. A module
// of its own, so that those types stay out of the program's. the part "deploy" of .ci/long runs it.
package manifests

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
)

const deploy = "../../deploy"

// objects decodes the manifests of a file; a key that the type does not have is an error.
func objects(t *testing.T, path string) (all []runtime.Object) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	for documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text))); ; {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err, path)
		object, _, err := decoder.Decode(document, nil, nil)
		require.NoError(t, err, "%s:\n%s", path, document)
		all = append(all, object)
	}
}

func TestKubernetes(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(deploy, "kubernetes", "*.yaml"))
	require.NoError(t, err)
	kinds := map[schema.GroupVersionKind]int{}
	var pod corev1.PodSpec
	for _, path := range files {
		if filepath.Base(path) == "kustomization.yaml" {
			continue
		}
		for _, object := range objects(t, path) {
			kinds[object.GetObjectKind().GroupVersionKind()]++
			if d, ok := object.(*appsv1.Deployment); ok {
				require.EqualValues(t, 3, *d.Spec.Replicas)
				require.Equal(t, d.Spec.Selector.MatchLabels, d.Spec.Template.Labels, "the pods are the deployment's own")
				pod = d.Spec.Template.Spec
			}
		}
	}
	require.Len(t, kinds, 7, "%v", kinds)
	require.True(t, *pod.SecurityContext.RunAsNonRoot)
	require.True(t, *pod.Containers[0].SecurityContext.ReadOnlyRootFilesystem)
	require.Greater(t, *pod.TerminationGracePeriodSeconds, pod.Containers[0].Lifecycle.PreStop.Sleep.Seconds+25, "above preStop, drain_delay and drain_timeout")
}

func TestEveryManifestIsApplied(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(deploy, "kubernetes", "kustomization.yaml"))
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(deploy, "kubernetes", "*.yaml"))
	require.NoError(t, err)
	for _, path := range files {
		if name := filepath.Base(path); name != "kustomization.yaml" {
			require.True(t, bytes.Contains(text, []byte(name)), name)
		}
	}
}

func TestCompose(t *testing.T) {
	options, err := cli.NewProjectOptions([]string{filepath.Join(deploy, "compose.yaml")})
	require.NoError(t, err)
	project, err := options.LoadProject(t.Context())
	require.NoError(t, err)
	require.Len(t, project.Services, 6)
	for _, service := range project.Services {
		for _, volume := range service.Volumes {
			if volume.Type == "bind" {
				_, err := os.Stat(volume.Source)
				require.NoError(t, err, service.Name)
			}
		}
		for _, port := range service.Ports {
			require.Equal(t, "127.0.0.1", port.HostIP, "%s is for this machine alone", service.Name)
		}
	}
}
