package shared

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"sync"

	"slbtui/qlearn/net"
)

//go:embed weights.json
var shippedFile []byte

// Shipped is the network that comes with the program. Its file says where it comes from. It is shared: read it
// only.
var Shipped = sync.OnceValue(func() *net.Network {
	n, err := net.Read(bytes.NewReader(shippedFile), Sizes()...)
	if err != nil {
		panic(err) // the file is part of the program, and a test reads it
	}
	return n
})

// ReadFile reads a network that New takes. Its error names the file, and says what about it is wrong.
func ReadFile(path string) (*net.Network, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read from
	n, err := net.Read(file, Sizes()...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}
