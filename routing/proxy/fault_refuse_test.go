package proxy

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A refused connection carried nothing: whatever the method, another server gets the request.
func TestFaultRefuse(t *testing.T) {
	noLeaks(t)
	goodURL, good := soundUpstream(t)
	nobody := &witness{}
	for _, method := range []string{"GET", "PUT", "POST", "DELETE"} {
		g := newRig(t, Config{}, deadUpstream(t), deadUpstream(t), goodURL)
		g.sendEach(nobody, good, map[string][3]int{method: {200, 0, 1}})
		require.Equal(t, 3, g.exchange().Attempts)
	}
}
