// Command architecture draws docs/architecture.svg, the picture of the packages and who may import whom, from
// rooms.txt:
//
//	go run ./docs/architecture > docs/architecture.svg
package main

import (
	_ "embed"
	"fmt"
	"os"
)

//go:embed rooms.txt
var plan string

func main() {
	house, err := read(plan)
	if err != nil {
		fmt.Fprintln(os.Stderr, "docs/architecture/rooms.txt:", err)
		os.Exit(1)
	}
	fmt.Print(house.draw())
}
