// Command matrix holds slbtui fit against worlds whose truth is known: it runs a policy in virtual time, writes the run
// down as a balancer does, in milliseconds cut off, fits that log, and compares what it found with the world, and what it
// predicts of other policies with what they make of the same requests. It prints a table in Markdown for docs/fit.md.
//
//	go run ./docs/fit/matrix [-seeds 5] [-worlds A,B,C,D] [-loads .3,.6,.8]
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"slbtui/engine/fit"
	"slbtui/engine/simulate"
	"slbtui/engine/stats"
	"slbtui/qlearn"
	"slbtui/qlearn/factored"
	"slbtui/routing/policy"
)

var policies = []string{"round_robin", "least_request", "p2c", "peak_ewma_full", "q_factored"}

func main() {
	seeds := flag.Uint64("seeds", 5, "logs of each world, load and policy")
	names := flag.String("worlds", "A,B,C,D,A sharing,B sharing", "which worlds")
	loads := flag.String("loads", ".3,.6,.8", "which loads")
	by := flag.String("by", "round_robin,least_request,p2c,peak_ewma_full", "who routes what is logged")
	flag.Parse()
	fmt.Println("| world | load | logs | grades | service off, mean % | spread off | discipline right | slots known, of those where 20 waited | known and wrong | false slow periods | mean off, p99 off where all slots are known (worst) | truth within the range otherwise |")
	fmt.Println("|---|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|")
	for name := range strings.SplitSeq(*names, ",") {
		for text := range strings.SplitSeq(*loads, ",") {
			load, err := strconv.ParseFloat(text, 64)
			if err != nil {
				exit(err)
			}
			var c cell
			for seed := range *seeds {
				for router := range strings.SplitSeq(*by, ",") {
					if err := c.log(world(name, load), router, seed+1); err != nil {
						exit(fmt.Errorf("%s at %v of %s, seed %d: %w", name, load, router, seed+1, err))
					}
				}
			}
			c.print(name, load)
		}
	}
}

func exit(err error) {
	fmt.Fprintln(os.Stderr, "matrix:", err)
	os.Exit(1)
}

// world is one of those in docs/fit.md.
func world(name string, load float64) simulate.Scenario {
	sc := simulate.Scenario{Name: "truth", Duration: time.Minute, Load: load, Records: true}
	add := func(ms float64, slots int, sigma float64) {
		sc.Servers = append(sc.Servers, simulate.Server{ID: fmt.Sprintf("app%d", len(sc.Servers)+1), BaseDelayMS: ms, Workers: slots, Sigma: sigma})
	}
	name, sharing := strings.CutSuffix(name, " sharing")
	switch name {
	case "A":
		add(50, 4, .3)
		add(75, 4, .3)
		add(100, 4, .3)
	case "B":
		add(40, 8, .5)
		add(40, 3, .5)
		add(60, 2, .8)
		add(90, 6, .3)
	case "C":
		for range 10 {
			add(50, 2, 1)
		}
	case "D":
		add(50, 32, .3)
		add(75, 16, .3)
		add(100, 24, .3)
		add(60, 16, .3)
	default:
		exit(fmt.Errorf("no world %q", name))
	}
	for i := range sc.Servers {
		if sharing {
			sc.Servers[i].Discipline = simulate.Sharing
		}
	}
	return sc
}

func options() policy.Options {
	return policy.Options{
		QLearning: qlearn.DefaultConfig(), Encoder: qlearn.DefaultEncoderConfig(), Reward: qlearn.DefaultRewardConfig(), QFactored: factored.DefaultConfig(),
	}
}

// cell is what a world at a load showed.
type cell struct {
	logs                                             int
	grades                                           map[fit.Grade]int
	service, spread                                  []float64
	disciplines, right, waited, known, wrong, untrue int
	mean, p99                                        []float64
	ranges, within                                   int
}

// log fits a log of the world and takes down what came of it.
func (c *cell) log(sc simulate.Scenario, router string, seed uint64) error {
	trace, err := simulate.Trace(sc, seed)
	if err != nil {
		return err
	}
	run, err := simulate.RunTrace(sc, router, options(), trace, seed)
	if err != nil {
		return err
	}
	l := written(sc, run)
	waited := waiting(sc, l)
	l, _ = l.WithoutEnd()
	m, err := fit.Fit(l.Busiest(0, fit.MostFitted))
	if err != nil {
		return err
	}
	check, err := m.Check(options())
	if err != nil {
		return err
	}
	grade, reasons := m.Judge(check)
	if grade == fit.C {
		fmt.Fprintf(os.Stderr, "%s at %v, seed %d: %s\n", router, sc.Load, seed, strings.Join(reasons, "; "))
	}
	if c.grades == nil {
		c.grades = map[fit.Grade]int{}
	}
	c.logs, c.grades[grade] = c.logs+1, c.grades[grade]+1
	all := c.servers(sc, m, waited)
	if m.Discipline != fit.Neither {
		c.disciplines++
		if (m.Discipline == fit.Sharing) == (sc.Servers[0].Discipline == simulate.Sharing) {
			c.right++
		}
	}
	if grade == fit.C {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(policies), func(p string) bool { return p == router || p == "round_robin" })
	rows, err := m.Predict(context.Background(), fit.Plan{Policies: others, Options: options()})
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		var truth simulate.Stats
		const runs = 3
		for i := range uint64(runs) {
			r, err := simulate.RunTrace(sc, row.Policy, options(), trace, seed+i)
			if err != nil {
				return err
			}
			truth.MeanMS, truth.P99MS = truth.MeanMS+r.All.MeanMS/runs, truth.P99MS+r.All.P99MS/runs
		}
		if all {
			c.mean = append(c.mean, 100*math.Abs(row.MeanMS/truth.MeanMS-1))
			c.p99 = append(c.p99, 100*math.Abs(row.P99MS/truth.P99MS-1))
			continue
		}
		c.ranges += 2
		c.within += in(truth.MeanMS, row.MeanRange) + in(truth.P99MS, row.P99Range)
	}
	return nil
}

// servers takes down what was found of them, and tells whether all slots are known.
func (c *cell) servers(sc simulate.Scenario, m *fit.Model, waited []int) bool {
	all := true
	for i, s := range m.Servers {
		truth := sc.Servers[i]
		c.service = append(c.service, 100*math.Abs(s.ServiceMS/truth.BaseDelayMS-1))
		c.spread = append(c.spread, math.Abs(s.Sigma-truth.Sigma))
		if waited[i] >= 20 {
			c.waited++
			if s.Known() == truth.Workers {
				c.known++
			}
		}
		if s.Known() != 0 && s.Known() != truth.Workers {
			c.wrong++
		}
		all = all && s.Known() != 0
		for _, p := range s.Periods {
			if p.Kind == fit.Slow {
				c.untrue++
			}
		}
	}
	return all
}

// in is 1 where the truth lies in a range, give or take five per cent.
func in(truth float64, of stats.Interval) int {
	if truth >= .95*of[0] && truth <= 1.05*of[1] {
		return 1
	}
	return 0
}

// written is a run as a balancer's log has it.
func written(sc simulate.Scenario, run simulate.Result) *fit.Log {
	l := &fit.Log{Format: "haproxy", Resolution: time.Millisecond, Servers: sc.ServerIDs(), Balancers: 1}
	began := time.Duration(time.Date(2026, 11, 27, 9, 30, 0, 0, time.UTC).UnixNano())
	for _, x := range run.Records {
		q := fit.Request{Start: began + x.Due.Truncate(time.Millisecond), Server: x.Server, Others: fit.Unknown}
		q.End = q.Start + x.Latency.Truncate(time.Millisecond) + time.Millisecond/2
		if x.Failed {
			if q.Outcome = fit.Failed; x.Latency >= simulate.DefaultClientTimeout {
				q.Outcome = fit.TimedOut
			}
		}
		l.Requests = append(l.Requests, q)
	}
	return l
}

// waiting is how many requests of each server found its slots full.
func waiting(sc simulate.Scenario, l *fit.Log) []int {
	waited := make([]int, len(sc.Servers))
	ends := make([][]time.Duration, len(sc.Servers))
	for _, q := range l.Requests {
		e := slices.DeleteFunc(ends[q.Server], func(end time.Duration) bool { return end <= q.Start })
		if len(e) >= sc.Servers[q.Server].Workers {
			waited[q.Server]++
		}
		ends[q.Server] = append(e, q.End)
	}
	return waited
}

func (c *cell) print(name string, load float64) {
	share := func(n, of int) string {
		if of == 0 {
			return "-"
		}
		return fmt.Sprintf("%d of %d", n, of)
	}
	errors := "-"
	if len(c.mean) > 0 {
		errors = fmt.Sprintf("%.1f, %.1f %% (%.0f, %.0f)", stats.Mean(c.mean), stats.Mean(c.p99), slices.Max(c.mean), slices.Max(c.p99))
	}
	fmt.Printf("| %s | %v | %d | A %d, B %d, C %d | %.1f | %.3f | %s | %s | %d | %d | %s | %s |\n", name, load, c.logs, c.grades[fit.A], c.grades[fit.B], c.grades[fit.C],
		stats.Mean(c.service), stats.Mean(c.spread), share(c.right, c.disciplines), share(c.known, c.waited), c.wrong, c.untrue, errors, share(c.within, c.ranges))
}
