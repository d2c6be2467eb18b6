// Command tables writes the numbers of docs/results into the tables of the pages that people read:
//
//	go run ./docs/tables
//
// A table of results begins with the columns "scenario" and then policies, "best classical" or "clairvoyant"; its rows
// begin with the scenario's name in backquotes. Everything else of a page is left as it is.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// The pages with tables of results, and the results, from the root of the repository.
var (
	pages   = []string{"README.md", "docs/learners.md"}
	results = "docs/results/simulation.jsonl"
)

func main() {
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, "tables:", err)
		os.Exit(1)
	}
}

// write brings the tables of every page below root up to date.
func write(root string) error {
	all, err := readResults(filepath.Join(root, results))
	if err != nil {
		return err
	}
	for _, page := range pages {
		path := filepath.Join(root, page)
		old, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		text, err := all.fill(string(old))
		if err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
		if text == string(old) {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
