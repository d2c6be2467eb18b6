package engine

import (
	"flag"
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"slbtui/engine/config"
)

// frontOfNow is the front under test.
var frontOfNow = config.FrontAuto

// everyFront is for .ci/long: a run takes minutes, and routing/proxy and engine/hostile are always run over each.
var everyFront = flag.Bool("every-front", false, "run the tests over each front, and not only over the one that is chosen by itself")

func TestMain(m *testing.M) { goleak.VerifyTestMain(overFronts{m}) }

// overFronts runs the tests once over each front that was asked for.
type overFronts struct{ m *testing.M }

func (o overFronts) Run() (code int) {
	flag.Parse()
	if !*everyFront {
		return o.m.Run()
	}
	for _, frontOfNow = range []config.Front{config.FrontLibrary, config.FrontStream, config.FrontLoop} {
		fmt.Println("front:", frontOfNow)
		code = max(code, o.m.Run())
	}
	return code
}
