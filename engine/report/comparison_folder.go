package report

import (
	"io"
	"path/filepath"
	"time"

	"slbtui/engine/report/chart"
)

// NewFolder makes a fresh folder below dir, named after the time, for the files of one report. It
// makes dir too, and never takes a folder that exists.
func NewFolder(dir string, at time.Time) (string, error) { return newFolder(dir, at) }

// WriteComparison writes the whole set of files into a fresh folder below dir and returns the
// folder. It returns the folder beside an error too, once there is one.
func WriteComparison(dir string, at time.Time, c Comparison) (string, error) {
	folder, err := NewFolder(dir, at)
	if err != nil {
		return "", err
	}
	return folder, WriteComparisonFiles(folder, c)
}

// WriteComparisonFiles writes the whole set into a folder that exists, where a RequestLog may lie
// already. Each file appears under its name only when it is whole. It stops at the first that cannot
// be written; the error names it.
func WriteComparisonFiles(folder string, c Comparison) error {
	type file struct {
		name  string
		write func(io.Writer) error
	}
	files := []file{
		{"comparison_results.json", func(w io.Writer) error { return ComparisonJSON(w, c) }},
		{"summary_report.md", func(w io.Writer) error { return ComparisonMarkdown(w, c) }},
		{"report.html", func(w io.Writer) error { return ComparisonHTML(w, c) }},
	}
	for _, figure := range Charts(c) {
		files = append(files,
			file{figure.Name + ".png", func(w io.Writer) error { return chart.PNG(w, figure) }},
			file{figure.Name + ".svg", func(w io.Writer) error { return chart.SVG(w, figure) }},
		)
	}
	for _, f := range files {
		if err := writeFile(filepath.Join(folder, f.name), f.write); err != nil {
			return err
		}
	}
	return nil
}
