//go:build realapi

package engine

import (
	"net"
	"testing"

	"github.com/stretchr/testify/require"

	"slbtui/engine/discovery/kubernetes/apitest"
)

// The API server of testdata/apiserver. It takes no loopback address for an endpoint, so the pods are at one of this
// machine's others.
func TestARollingReplacementOfTheRealAPI(t *testing.T) {
	addresses, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			replacesAll(t, apitest.Real(t), n.IP.String())
			return
		}
	}
	require.FailNow(t, "this machine has no address but loopback")
}
