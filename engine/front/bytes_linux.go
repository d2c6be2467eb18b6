package front

import (
	"slbtui/engine/config"
	"slbtui/engine/front/loop"
	"slbtui/engine/front/stream"
)

func newClients(f config.Front, o stream.Options) (clients, error) {
	if f == config.FrontLoop {
		return loop.New(o)
	}
	return stream.New(o), nil
}
