package proxy

import (
	"fmt"
	"net"
	"net/http"
	"testing"

	"go.uber.org/goleak"
)

// A Front serves a listener's clients by package fast, which knows this package; the server has the rest.
type Front func(l net.Listener, server *http.Server, h *Handler) (stop func())

// Fronts are those that the tests of this package run over, besides the library.
var Fronts = map[string]Front{}

// front is the one of now, nil for the library.
var front Front

func TestMain(m *testing.M) { goleak.VerifyTestMain(overFronts{m}) }

// overFronts runs the tests once with the library as the front, and once with each of the others.
type overFronts struct{ m *testing.M }

func (o overFronts) Run() (code int) {
	fmt.Println("front: the library")
	code = o.m.Run()
	for name, f := range Fronts {
		fmt.Println("front:", name)
		front = f
		code = max(code, o.m.Run())
	}
	return code
}
