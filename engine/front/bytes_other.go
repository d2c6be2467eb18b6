//go:build !linux

package front

import (
	"net"

	"slbtui/engine/config"
	"slbtui/engine/front/stream"
)

func newClients(_ config.Front, l net.Listener, o stream.Options) (clients, net.Listener, error) {
	return stream.New(o), l, nil
}
