// Command man writes the manual pages of slbtui into a folder:
//
//	go run ./docs/man FOLDER
//
// They carry the date of SOURCE_DATE_EPOCH, so that the same commit makes the same pages.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra/doc"

	"slbtui/cmd"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./docs/man FOLDER")
		os.Exit(2)
	}
	tree := cmd.Tree()
	tree.DisableAutoGenTag = true
	header := doc.GenManHeader{Title: "SLBTUI", Section: "1", Source: "slbtui", Manual: "slbtui"}
	if err := doc.GenManTree(tree, &header, os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "man:", err)
		os.Exit(1)
	}
}
