package engine

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
)

// The zones of servers that are found reach the policy: requests stay at home as long as there is a home.
func TestZonesOfServersThatAreFound(t *testing.T) {
	defer http.DefaultClient.CloseIdleConnections()
	all, list := pods(t, 3), newListed(t)
	write := func(zones ...string) {
		text := ""
		for i, zone := range zones {
			text += fmt.Sprintf("- {url: %q, zone: %s}\n", all[i].address, zone)
		}
		require.NoError(t, os.WriteFile(list.path+".new", []byte(text), 0o600))
		require.NoError(t, os.Rename(list.path+".new", list.path))
	}
	write("eu", "us", "us")
	e := finding(t, list.discovery(), func(c *config.Config) {
		c.LoadBalancer.Policy, c.LoadBalancer.Zone = "zone_aware", "eu"
	})
	becomes(t, e, "three servers", func(s *live.Snapshot) bool { return len(taking(s)) == 3 })
	answerers := func() map[string]bool {
		who := map[string]bool{}
		for range 40 {
			status, body := asks(t, e, "/")
			require.Equal(t, 200, status)
			who[body] = true
		}
		return who
	}
	require.Equal(t, map[string]bool{all[0].address: true}, answerers())
	write("us", "us", "eu")
	require.Eventually(t, func() bool { _, body := asks(t, e, "/"); return body == all[2].address }, longEnough, 5*time.Millisecond)
	require.Equal(t, map[string]bool{all[2].address: true}, answerers())
	require.NoError(t, e.Do(t.Context(), live.DrainServer{Server: all[2].address, Drain: true}))
	require.NotContains(t, answerers(), all[2].address, "spill-over")
}
