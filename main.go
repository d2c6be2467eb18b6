// Command slbtui is a smart load balancer in a terminal: it runs simulated web servers, an HTTP
// proxy that learns where to send requests, and a load generator, all in one process.
package main

import (
	_ "embed"
	"os"

	"slbtui/cmd"
)

// builtIn is the configuration that holds unless the user's own says otherwise.
//
//go:embed config.yaml
var builtIn []byte

func main() { os.Exit(cmd.Main(builtIn, os.Args[1:])) }
