// Command errors sets what slbtui fit predicted from each log of docs/fit/real.sh beside what the balancer that has the
// policy really did, as a table in Markdown.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"slbtui/engine/fit/fitreport"
)

// lateMS is how late a generator may send its 99th percentile; a run in which it was later says nothing of the balancer.
const lateMS = 20

func main() {
	if err := table(); err != nil {
		fmt.Fprintln(os.Stderr, "errors:", err)
		os.Exit(1)
	}
}

// collapsed is how many times its median the mean of a policy is whose queues grew without end.
const collapsed = 3

// ran is one balancer at one rate: what was fitted to its log, of which the first policy is what it did.
type ran struct {
	balancer, rate string
	fitreport.Findings
}

// policyOf is the policy of ours that a balancer has.
func (r ran) policyOf() string {
	_, how, _ := strings.Cut(r.balancer, "-")
	switch how {
	case "rr", "roundrobin", "round_robin":
		return "round_robin"
	case "leastconn", "least_conn":
		return "least_request"
	}
	return how
}

func table() error {
	if len(os.Args) != 3 {
		return errors.New("want the folder of the logs, and how long each run was in seconds")
	}
	runs, err := read(os.Args[1])
	if err != nil {
		return err
	}
	fmt.Printf("Runs of %s s, load of .6 at 104/s and .8 at 139/s.\n\n", os.Args[2])
	fmt.Println("| log of | at | trust | its mean / p99 ms | really ran | predicted mean / p99 | measured | off |")
	fmt.Println("|---|---:|---|---:|---|---:|---:|---:|")
	var mean, p99 []float64
	towards := 0
	for _, log := range runs {
		for _, other := range runs {
			if other.rate != log.rate || other.policyOf() == log.policyOf() {
				continue
			}
			did := log.Policies[0]
			head := fmt.Sprintf("| %s | %s/s | %s | %.1f / %.0f | %s |", log.balancer, log.rate, log.Grade, did.MeanMS, did.P99MS, other.balancer)
			i := slices.IndexFunc(log.Policies, func(p fitreport.Policy) bool { return !p.Logged && p.Policy == other.policyOf() })
			if i < 0 {
				fmt.Println(head, "not predicted | | |")
				continue
			}
			says, truth := log.Policies[i], other.Policies[0]
			m, p := 100*(says.MeanMS/truth.MeanMS-1), 100*(says.P99MS/truth.P99MS-1)
			fmt.Printf("%s %.1f / %.0f | %.1f / %.0f | %+.0f / %+.0f %% |\n", head, says.MeanMS, says.P99MS, truth.MeanMS, truth.P99MS, m, p)
			if truth.MeanMS > collapsed*truth.P50MS {
				towards++
				continue
			}
			mean, p99 = append(mean, math.Abs(m)), append(p99, math.Abs(p))
		}
	}
	if len(mean) == 0 {
		return errors.New("nothing was predicted")
	}
	if towards > 0 {
		fmt.Printf("\n%d pairs are towards a policy that really collapsed: its mean and p99 depend on everything, and they do not count below.\n", towards)
	}
	fmt.Printf("\n%d pairs: mean absolute error %.1f %% in the mean (median %.1f, worst %.0f), %.1f %% at p99 (median %.1f, worst %.0f).\n",
		len(mean), average(mean), median(mean), slices.Max(mean), average(p99), median(p99), slices.Max(p99))
	return nil
}

func average(x []float64) (sum float64) {
	for _, v := range x {
		sum += v / float64(len(x))
	}
	return sum
}

func median(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return s[len(s)/2]
}

// read reads NAME-RATE.fit.json, and leaves out runs whose requests were sent late.
func read(folder string) (runs []ran, err error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.fit.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".fit.json")
		i := strings.LastIndexByte(name, '-')
		r := ran{balancer: name[:max(0, i)], rate: name[i+1:]}
		if err := decode(file, &r.Findings); err != nil {
			return nil, err
		}
		var load struct {
			LagP99MS float64 `json:"lag_p99_ms"`
		}
		if err := decode(strings.TrimSuffix(file, ".fit.json")+".load.json", &load); err != nil {
			return nil, err
		}
		switch {
		case load.LagP99MS > lateMS:
			fmt.Fprintf(os.Stderr, "%s: left out, its requests were sent up to %.0f ms late\n", name, load.LagP99MS)
		case len(r.Policies) == 0:
			fmt.Fprintf(os.Stderr, "%s: trust %s, %s\n", name, r.Grade, strings.Join(r.Reasons, "; "))
		default:
			runs = append(runs, r)
		}
	}
	return runs, nil
}

func decode(file string, to any) error {
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, to)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}
