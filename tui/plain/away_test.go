package plain

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/live"
	"slbtui/tui/canned"
)

// What becomes of the connection is said once; events of before are not said again.
func TestPlainAttached(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		there := func(change func(*live.Snapshot)) *live.Snapshot {
			s := canned.Snapshot(3)
			s.Link = &live.Link{Name: "unix:/run/s", Fleet: []live.Member{{Name: "unix:/run/s", Snap: s}}}
			change(s)
			return s
		}
		k := newTalk(t.Context(), t, there(func(*live.Snapshot) {}), Options{Interval: time.Second})
		require.Contains(t, k.out.String(), "slbtui, attached to unix:/run/s, proxy on ")
		require.NotContains(t, k.out.String(), " event ")
		k.show(there(func(s *live.Snapshot) {
			s.Seq++
			s.Link.Lost, s.Link.Why = canned.Epoch, "unix:/run/s: connection refused"
		}))
		time.Sleep(5 * time.Second)
		k.show(there(func(s *live.Snapshot) {
			s.Seq, s.Started = s.Seq+2, canned.Epoch.Add(time.Hour)
			s.Link.ReadOnly = "this token is a viewer's"
		}))
		time.Sleep(2 * time.Second)
		for _, line := range []string{"toggle", "balancer", "balancer run"} {
			k.typed(line)
		}
		said := k.quit()
		require.Contains(t, said, "connection lost: unix:/run/s: connection refused; it is asked again and again\nconnection back\nthe balancer was started anew: show events")
		require.Contains(t, said, "error: read-only, since this token is a viewer's: toggle would change the engine\n")
		require.Contains(t, said, "BALANCER")
		require.Equal(t, []live.Command{live.Watch{Balancer: "unix:/run/s"}}, k.f.Orders())
	})
}
