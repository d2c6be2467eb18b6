// Package simreport writes what virtual time found into a folder: tables, JSON lines and plots.
// Each file is a function of an io.Writer and the simulate.Report, and equal reports give equal
// files. It starts no goroutine.
package simreport

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"slbtui/engine/comparison"
	"slbtui/engine/printable"
	"slbtui/engine/wholefile"
)

// Above this many scenarios, only those named in featured get pictures of their own.
const fewScenarios = 4

// featured are the scenarios of a full report that show something in each kind of picture.
var featured = map[string][]string{
	"recovery": {"slow5x", "blackhole", "crash", "stall"},
	"learning": {"seed", "steady60", "unlike30"},
	"regret":   {"steady80", "slow5x", "unlike100"},
	"tail":     {"steady80", "slow5x", "heavytail10"},
}

// picture is one file of a report.
type picture struct {
	file, caption string
	draw          func(io.Writer) error
}

// Exists tells whether a report that Write has made lies in dir, or a README.md of somebody else, which Write would
// replace as well.
func Exists(dir string) bool {
	return slices.ContainsFunc([]string{"simulation.jsonl", "README.md"}, func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	})
}

// Write writes a comparison into dir, which it makes: README.md with the tables and the
// pictures, simulation.jsonl with a line for each scenario and policy, and the pictures as PNG.
// Files of an earlier report of the same names are replaced. It returns the paths written.
func Write(dir string, r comparison.Report) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("report folder %s: %w; choose another with --out DIR", dir, err)
	}
	pictures := picturesOf(r)
	files := []picture{
		{file: "README.md", draw: func(w io.Writer) error { return writeReadme(w, r, pictures) }},
		{file: "simulation.jsonl", draw: func(w io.Writer) error { return comparison.WriteJSON(w, r) }},
	}
	var written []string
	for _, f := range append(files, pictures...) {
		path := filepath.Join(dir, f.file)
		var b bytes.Buffer
		err := f.draw(&b)
		if err == nil {
			err = wholefile.Write(path, b.Bytes(), 0o644)
		}
		if err != nil {
			return written, fmt.Errorf("write %s: %w", path, err)
		}
		written = append(written, path)
	}
	return written, nil
}

func writeReadme(w io.Writer, r comparison.Report, pictures []picture) error {
	var b bytes.Buffer
	if err := comparison.WriteMarkdown(&b, r); err != nil {
		return err
	}
	if len(pictures) > 0 {
		b.WriteString("\n## Pictures\n")
	}
	for _, p := range pictures {
		fmt.Fprintf(&b, "\n![%s](%s)\n", p.caption, p.file)
	}
	_, err := b.WriteTo(w)
	return err
}

// picturesOf lists what can be drawn of the report.
func picturesOf(r comparison.Report) []picture {
	pictures := []picture{
		{"against_p99.png", "p99 against the best classical policy", func(w io.Writer) error { return drawAgainst(w, r, againstP99) }},
		{"against_mean.png", "Mean against the best classical policy", func(w io.Writer) error { return drawAgainst(w, r, againstMean) }},
	}
	if len(sizes(r)) > 1 {
		pictures = append(pictures, picture{"p99_by_servers.png", "p99 against the number of unlike servers",
			func(w io.Writer) error { return drawSizes(w, r) }})
	}
	taken := map[string]bool{}
	for _, kind := range []struct {
		name, caption string
		draw          func(io.Writer, *comparison.Comparison) error
		fits          func(*comparison.Comparison) bool
	}{
		{"recovery", "Recovery in %s: p95 and the faulty server's share", drawRecovery, hasLoneFault},
		{"learning", "Learning curve in %s", drawLearning, func(c *comparison.Comparison) bool { return len(c.Scenario.Faults) == 0 }},
		{"regret", "Cumulative regret in %s", drawRegret, func(*comparison.Comparison) bool { return true }},
		{"tail", "Latency distribution in %s", drawTail, func(*comparison.Comparison) bool { return true }},
	} {
		for i := range r.Comparisons {
			c := &r.Comparisons[i]
			name := c.Scenario.Name
			if !kind.fits(c) || len(r.Comparisons) > fewScenarios && !slices.Contains(featured[kind.name], name) {
				continue
			}
			pictures = append(pictures, picture{unique(kind.name+"_"+fileName(name), taken) + ".png", fmt.Sprintf(kind.caption, printable.Line(name)),
				func(w io.Writer) error { return kind.draw(w, c) }})
		}
	}
	return pictures
}

// fileName keeps what any file system and any link takes.
func fileName(s string) string {
	out := []byte(s)
	for i, b := range out {
		switch {
		case '0' <= b && b <= '9', 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', b == '-':
		default:
			out[i] = '_'
		}
	}
	return string(out[:min(len(out), 60)])
}

// unique returns a name that is not taken, and takes it. Some file systems take a and A for one name.
func unique(name string, taken map[string]bool) string {
	chosen := name
	for n := 2; taken[strings.ToLower(chosen)]; n++ {
		chosen = fmt.Sprintf("%s-%d", name, n)
	}
	taken[strings.ToLower(chosen)] = true
	return chosen
}
