package engine

import (
	"fmt"
	"testing"

	"go.uber.org/goleak"

	"slbtui/engine/config"
)

// frontOfNow is the front under test: every test here runs over each.
var frontOfNow config.Front

func TestMain(m *testing.M) { goleak.VerifyTestMain(overFronts{m}) }

// overFronts runs the tests once over each front.
type overFronts struct{ m *testing.M }

func (o overFronts) Run() (code int) {
	for _, frontOfNow = range []config.Front{config.FrontLibrary, config.FrontStream, config.FrontLoop} {
		fmt.Println("front:", frontOfNow)
		code = max(code, o.m.Run())
	}
	return code
}
