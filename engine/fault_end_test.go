package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
)

func TestTheEndOfAFaultIsAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := timeless(t)
		do(t, e, live.SetFault{Server: "server1", Fault: fault.Fault{Slow: 5, ErrorRate: 0.2}, For: 20 * time.Second})
		do(t, e, live.SetFault{Server: "server1", Fault: fault.Fault{ErrorRate: 0.5}})
		do(t, e, live.SetFault{Server: "server2", Fault: fault.Fault{Slow: 3}, For: 10 * time.Second})
		do(t, e, live.ClearFaults{Server: "server2"})
		do(t, e, live.SetFault{Server: "server3", Fault: fault.Fault{Slow: 4}, For: 30 * time.Second})
		do(t, e, live.SetFault{Server: "server3", Fault: fault.Fault{Slow: 2}, For: 5 * time.Second})
		do(t, e, live.SetFault{Server: "server2", Fault: fault.Fault{Slow: 3}, For: 40 * time.Second})
		do(t, e, live.SetFault{Server: "server2", Fault: fault.Fault{Slow: 1}})
		s := e.after(time.Minute)
		require.Equal(t, []string{
			"server1: slow x5, errors 20% for 20s", "server1: errors 50%",
			"server2: slow x3 for 10s", "server2: faults cleared",
			"server3: slow x4 for 30s", "server3: slow x2 for 5s",
			"server2: slow x3 for 40s", "server2: ",
			"server3: slow x2 is over", "server1: slow x5 is over",
		}, texts(s, "fault"), "what was replaced or cleared ends no second time")
	})
}
