package engine

import (
	"flag"
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"slbtui/engine/config"
)

// frontOfNow is the front under test.
var frontOfNow = config.FrontAuto

// fronts is for .ci/long: a run takes minutes, and routing/proxy and engine/hostile are always run over each.
var fronts = flag.String("fronts", "auto", "run the tests over each of these, as in library,stream,loop")

func TestMain(m *testing.M) { goleak.VerifyTestMain(overFronts{m}) }

// overFronts runs the tests once over each front that was asked for.
type overFronts struct{ m *testing.M }

func (o overFronts) Run() (code int) {
	flag.Parse()
	for name := range strings.SplitSeq(*fronts, ",") {
		frontOfNow = config.Front(name)
		fmt.Println("front:", name)
		code = max(code, o.m.Run())
	}
	return code
}
