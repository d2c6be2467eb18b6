// Command chart draws what docs/bench/cpu.sh printed, from standard input to standard output, as SVG:
// the lowest CPU time per request of each balancer, which other work on the machine disturbed least.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"slbtui/engine/report/chart"
)

func main() {
	if err := draw(); err != nil {
		fmt.Fprintln(os.Stderr, "chart:", err)
		os.Exit(1)
	}
}

func draw() error {
	var names []string
	lowest := map[string]float64{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var name string
		var cost float64
		if _, err := fmt.Sscanf(lines.Text(), "%s %f us/request", &name, &cost); err != nil {
			return fmt.Errorf("read %q: %w; expected lines of cpu.sh", lines.Text(), err)
		}
		if known, ok := lowest[name]; !ok {
			names = append(names, name)
			lowest[name] = cost
		} else {
			lowest[name] = min(known, cost)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	figure := chart.Chart{
		Title: "CPU time per proxied request", Subtitle: "one run, one machine of two cores, 32 connections; less is better",
		Columns: 1, Height: 60 + 24*float64(len(names)),
		Panels: []chart.Panel{{X: chart.Axis{Label: "µs", Min: 0}, Y: chart.Axis{Min: -0.5, Max: float64(len(names)) - 0.5, Names: names}}},
	}
	panel := &figure.Panels[0]
	for i, name := range names {
		style := 0
		if strings.HasPrefix(name, "slbtui") {
			style = 2
		}
		panel.Bars = append(panel.Bars, chart.Bar{Name: name, Style: style, Row: i, Slots: 1, Value: lowest[name], ValueText: fmt.Sprintf("%.1f", lowest[name])})
		panel.X.Max = max(panel.X.Max, lowest[name]*1.2)
	}
	return chart.SVG(os.Stdout, figure)
}
