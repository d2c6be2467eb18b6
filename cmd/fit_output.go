package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"slbtui/engine/experiment"
	"slbtui/engine/fit"
	"slbtui/engine/fit/fitreport"
	"slbtui/engine/report/chart"
	"slbtui/engine/simulate"
	"slbtui/engine/wholefile"
)

// recordingFile is what a fit leaves for simulate and experiment --replay.
const recordingFile = "fit.jsonl"

// checkOut refuses to replace what nobody said is to be replaced.
func (f fitFlags) checkOut() error {
	if f.out == "" {
		if f.overwrite {
			return errors.New("--overwrite: there is nothing to replace; give --out, too")
		}
		return nil
	}
	if _, err := os.Stat(filepath.Join(f.out, recordingFile)); err == nil && !f.overwrite {
		return fmt.Errorf("--out %s: a fit is in it already; add --overwrite to replace it, or choose another folder", f.out)
	}
	if err := os.MkdirAll(f.out, 0o755); err != nil {
		return fmt.Errorf("--out %s: %w", f.out, err)
	}
	return nil
}

// print writes the report where and how it was asked for.
func (f fitFlags) print(w io.Writer, m *fit.Model, r fitreport.Report) error {
	if f.out != "" {
		files := map[string]func(io.Writer) error{
			"fit.txt":           func(w io.Writer) error { return fitreport.WriteText(w, r) },
			"fit.json":          func(w io.Writer) error { return fitreport.WriteJSON(w, r) },
			"summary_report.md": func(w io.Writer) error { return fitreport.WriteMarkdown(w, r) },
			"report.html":       func(w io.Writer) error { return fitreport.WriteHTML(w, r) },
			"scenario.yaml":     func(w io.Writer) error { return fit.WriteScenario(w, m.Scenario()) },
			recordingFile:       func(w io.Writer) error { return f.record(w, m) },
		}
		for _, figure := range fitreport.Charts(r) {
			files[figure.Name+".png"] = func(w io.Writer) error { return chart.PNG(w, figure) }
			files[figure.Name+".svg"] = func(w io.Writer) error { return chart.SVG(w, figure) }
		}
		for name, write := range files {
			path := filepath.Join(f.out, name)
			var b bytes.Buffer
			err := write(&b)
			if err == nil {
				err = wholefile.Write(path, b.Bytes(), 0o644)
			}
			if err != nil {
				return fmt.Errorf("write %s: %w", path, err)
			}
		}
	}
	if f.json {
		return printJSON(w, func(w io.Writer) error { return fitreport.WriteJSON(w, r) })
	}
	return fitreport.WriteText(w, r)
}

// runnable are those of the policies that can run outside of virtual time.
func (f fitFlags) runnable() []string {
	return slices.DeleteFunc(slices.Clone(f.policies), func(name string) bool { return strings.HasSuffix(name, "_clairvoyant") })
}

// record writes the day as something that can be sent again.
func (f fitFlags) record(w io.Writer, m *fit.Model) error {
	trace := m.Trace()
	rec, err := experiment.NewRecorder(w, experiment.Plan{
		Scenario: m.Scenario(), Policies: f.runnable(), Repetitions: 1, Seed: 1, Traces: [][]simulate.Request{trace}, Version: version(),
	})
	if err != nil {
		return err
	}
	return rec.Trace(1, 1, trace)
}
