package main

import (
	"fmt"
	"math"
	"strings"
)

// fill returns the page with the numbers of its tables of results replaced.
func (all resultSet) fill(page string) (string, error) {
	lines := strings.Split(page, "\n")
	var columns []string
	for i, line := range lines {
		if !strings.HasPrefix(line, "|") {
			columns = nil
			continue
		}
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if cells[0] == "scenario" && len(cells) > 1 && cells[1] == "round_robin" {
			columns = cells[1:]
			continue
		}
		if columns == nil || !strings.HasPrefix(cells[0], "`") {
			continue
		}
		name, _, _ := strings.Cut(cells[0][1:], "`")
		row, err := all.row(name, columns)
		if err != nil {
			return "", fmt.Errorf("line %d: %w", i+1, err)
		}
		lines[i] = "| " + cells[0] + " | " + strings.Join(row, " | ") + " |"
	}
	return strings.Join(lines, "\n"), nil
}

// row returns a scenario's cells: mean / p99, the lowest of the row in bold, but for those who fail requests and the
// clairvoyant, which is nobody's choice.
func (all resultSet) row(scenario string, columns []string) ([]string, error) {
	of := all[scenario]
	if of == nil {
		return nil, fmt.Errorf("%s has no scenario %q", results, scenario)
	}
	cells := make([]result, len(columns))
	mean, p99 := math.Inf(1), math.Inf(1)
	for i, column := range columns {
		r, ok := of[column]
		switch column {
		case "best classical":
			r, ok = bestClassical(of), true
		case "clairvoyant":
			r, ok = of["social_clairvoyant"]
		}
		if !ok {
			return nil, fmt.Errorf("%s has no policy %q in %q", results, column, scenario)
		}
		cells[i] = r
		if column != "clairvoyant" && r.Errors < failing {
			mean, p99 = min(mean, round(r.Mean)), min(p99, math.Round(r.P99))
		}
	}
	row := make([]string, len(columns))
	for i, r := range cells {
		best := columns[i] != "clairvoyant" && r.Errors < failing
		row[i] = bold(number(r.Mean), best && round(r.Mean) == mean) + " / " + bold(fmt.Sprintf("%.0f", r.P99), best && math.Round(r.P99) == p99)
		if columns[i] == "best classical" {
			row[i] = r.Policy + " " + row[i]
		}
		if r.Errors >= failing {
			row[i] += fmt.Sprintf(" (%.0f %% fail)", 100*r.Errors)
		}
	}
	return row, nil
}

// number is a mean as it is printed: a digit behind the point where it says something.
func number(ms float64) string {
	if ms < 200 {
		return fmt.Sprintf("%.1f", ms)
	}
	return fmt.Sprintf("%.0f", ms)
}

func round(ms float64) float64 { return math.Round(10*ms) / 10 }

func bold(text string, yes bool) string {
	if yes {
		return "**" + text + "**"
	}
	return text
}
