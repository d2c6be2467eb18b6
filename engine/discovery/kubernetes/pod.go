package kubernetes

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"slbtui/engine/config"
)

// account is where a pod finds what its service account is given.
const account = "/var/run/secrets/kubernetes.io/serviceaccount/"

// inPod fills in what the configuration leaves to the pod.
func inPod(cfg config.Kubernetes) (namespace string, a *api, err error) {
	namespace, url := cfg.Namespace, cfg.API
	if namespace == "" {
		data, err := os.ReadFile(account + "namespace")
		if err != nil {
			return "", nil, fmt.Errorf("no namespace is set, and this is no pod: %w", err)
		}
		namespace = strings.TrimSpace(string(data))
	}
	tokenFile, caFile := cfg.TokenFile, cfg.CAFile
	if url == "" {
		host, port := os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")
		if host == "" || port == "" {
			return "", nil, errors.New("no api is set, and this is no pod: KUBERNETES_SERVICE_HOST and _PORT are not in the environment")
		}
		url = "https://" + net.JoinHostPort(host, port)
		tokenFile, caFile = cmp.Or(tokenFile, account+"token"), cmp.Or(caFile, account+"ca.crt")
	}
	a, err = newAPI(strings.TrimSuffix(url, "/"), tokenFile, caFile)
	return namespace, a, err
}
