//go:build !linux

package front

import (
	"slbtui/engine/config"
	"slbtui/engine/front/stream"
)

func newClients(_ config.Front, o stream.Options) (clients, error) { return stream.New(o), nil }
