package front

import (
	"net"

	"slbtui/engine/config"
	"slbtui/engine/front/loop"
	"slbtui/engine/front/stream"
	"slbtui/routing/unpolled"
)

// newClients makes a front for what l accepts, and the listener that it wants.
func newClients(f config.Front, l net.Listener, o stream.Options) (clients, net.Listener, error) {
	if f != config.FrontLoop {
		return stream.New(o), l, nil
	}
	l, err := unpolled.Listen(l)
	if err != nil {
		return nil, nil, err
	}
	in, err := loop.New(o)
	if err != nil {
		_ = l.Close()
	}
	return in, l, err
}
