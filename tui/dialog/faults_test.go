package dialog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/backends/fault"
	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/canned"
)

func TestFaultsAreAskedFor(t *testing.T) {
	s := sight(canned.Snapshot(3))
	list := AskFault(s).Open.(*List)
	for i, want := range []fault.Fault{{ErrorRate: 0.2}, {Stall: true}, {Crash: true}, {Delay: 100 * time.Millisecond}} {
		act := list.Items[i].Act
		require.Equal(t, box.Act{Close: true, Command: live.SetFault{Server: "server1", Fault: want, For: 20 * time.Second}}, act.Open.Press(s, key("enter")))
	}
	f := AskSlow(s).Open.(*Form)
	f.Paste(s, "8x")
	f.Press(s, key("tab"))
	f.Paste(s, "0")
	require.Equal(t, box.Act{Close: true, Command: live.SetFault{Server: "server1", Fault: fault.Fault{Slow: 8}}}, f.Press(s, key("enter")), "until it is cleared")
}

func TestFormSaysWhatIsWrong(t *testing.T) {
	s := sight(canned.Snapshot(3))
	f := AskParam("epsilon")(s).Open.(*Form)
	require.Equal(t, "epsilon of q_learning", f.Title(s))
	f.Press(s, key("9"))
	require.Equal(t, box.Act{}, f.Press(s, key("enter")))
	require.Equal(t, `epsilon: "9" is not a number within 0-1`, f.wrong)
	f.Press(s, key("backspace"))
	require.Empty(t, f.wrong)
	f.Paste(s, "0.3")
	require.Equal(t, live.SetParam{Learner: "q_learning", Param: "epsilon", Value: 0.3}, f.Press(s, key("enter")).Command)
	require.Equal(t, box.Complain("there is no learner to tune"), AskParam("epsilon")(sight(&live.Snapshot{})))
	_, err := ReadDelay("0")
	require.EqualError(t, err, "delay: must be above 0")
}
