package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"slbtui/cmd/failif"
	"slbtui/cmd/trust"
	"slbtui/engine/config"
	"slbtui/engine/experiment"
	"slbtui/engine/report"
	"slbtui/engine/simulate"
	"slbtui/routing/policy"
)

// keepsEnough is the length of a scenario made of the configuration for a number of requests: the
// traces grow to what is needed.
const keepsEnough = 1.5

type experimentFlags struct {
	policies     []string
	requests     int
	rate         float64
	repetitions  int
	scenario     string
	scenarioFile string
	url          string
	out          string
	json         bool
	record       string
	replay       string
	virtual      bool
	trust        trust.Flags
	failIf       failif.Rules
}

func experimentCommand(g *globals) *cobra.Command {
	var f experimentFlags
	cmd := &cobra.Command{
		Use:   "experiment",
		Short: "Compare policies on real HTTP, with the same traffic for each, and write reports",
		Long: `Run policies one after another on servers, balancer and load of their own. In each repetition every
policy meets the same requests: when they are due, how long they take, and which of them an injected
error strikes. So differences are taken request by request, with 95 % intervals. Without --scenario the
servers are those of the configuration.`,
		Example: `slbtui experiment --requests 1000 --rate 10
slbtui experiment --scenario slow5x --policies p2c,q_factored --repetitions 5
slbtui experiment --scenario steady60 --virtual
slbtui experiment --scenario steady60 --record run.jsonl
slbtui experiment --replay run.jsonl --policies peak_ewma,p2c
slbtui experiment --policies q_factored --url http://127.0.0.1:8080/
slbtui experiment --scenario slow5x --fail-if 'q_factored:p99>400ms'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			plan, err := f.plan(cmd, g, cfg)
			if err == nil {
				err = plan.Validate()
			}
			if err == nil {
				err = f.check(plan)
			}
			if err != nil {
				return usageError{err}
			}
			return runExperiment(cmd, plan, f)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.policies, "policies", []string{policy.Baseline, "q_learning", "q_factored"}, "`NAMES` of who is compared; the others against "+policy.Baseline+", or the first")
	flags.IntVar(&f.requests, "requests", 1000, "`NUMBER` of requests of one run; with a scenario or --duration, those due in its time")
	flags.Float64Var(&f.rate, "rate", 10, "`RATE` in requests per second; with a scenario, its own")
	flags.IntVar(&f.repetitions, "repetitions", 3, "`NUMBER` of runs of each policy, each with another seed")
	flags.DurationVar(&g.duration, "duration", 0, "`TIME` of each run, such as 30s; 0 takes the scenario's, or that of --requests")
	flags.StringVar(&f.scenario, "scenario", "", "a built-in scenario `NAME`, or random:SEED; see slbtui simulate --list")
	flags.StringVar(&f.scenarioFile, "scenario-file", "", "a scenario of your own as YAML `FILE`")
	flags.StringVar(&f.url, "url", "", "`URL` of a balancer that runs elsewhere and takes part as well, under the name outside")
	flags.StringVar(&f.out, "out", "reports", "write the reports into a fresh folder below this `FOLDER`")
	flags.BoolVar(&f.json, "json", false, "print the result as one JSON object")
	flags.StringVar(&f.record, "record", "", "keep the requests and what became of them in `FILE`")
	flags.StringVar(&f.replay, "replay", "", "send what was recorded in `FILE`")
	flags.BoolVar(&f.virtual, "virtual", false, "set what virtual time says of the same requests beside it")
	f.trust.Add(cmd, "--url")
	f.failIf.Flag(cmd)
	g.ignores(cmd, "learned")
	cmd.MarkFlagsMutuallyExclusive("json", "virtual")
	cmd.MarkFlagsMutuallyExclusive("scenario", "scenario-file", "replay")
	for _, other := range []string{"requests", "rate", "repetitions"} {
		cmd.MarkFlagsMutuallyExclusive("replay", other)
	}
	return cmd
}

// plan turns the flags into what is to be compared.
func (f experimentFlags) plan(cmd *cobra.Command, g *globals, cfg config.Config) (experiment.Plan, error) {
	plan := experiment.Plan{
		Policies: f.policies, Repetitions: f.repetitions, Seed: g.chosenSeed(), URL: f.url,
		Config: cfg, Version: version(), Command: commandLine(os.Args[1:]),
	}
	var err error
	if plan.TLS, err = f.trust.Config(f.url); err != nil {
		return plan, err
	}
	given := cmd.Flags().Changed
	if given("requests") && f.requests < 1 {
		return plan, fmt.Errorf("--requests %d: must be 1 or more", f.requests)
	}
	if given("requests") && given("duration") {
		return plan, errors.New("--requests and --duration: give one of the two, the rate makes the other")
	}
	if f.replay != "" {
		if given("duration") {
			return plan, errors.New("--duration: a replay is as long as what was recorded")
		}
		if given("seed") {
			return plan, errors.New("--seed: a replay has those of what was recorded")
		}
		return f.replayed(plan)
	}
	if !(f.rate > 0) {
		return plan, fmt.Errorf("--rate %v: must be above 0", f.rate)
	}
	sc, err := f.world(cfg, g.duration)
	if err != nil {
		return plan, err
	}
	if g.duration > 0 {
		sc.Duration = g.duration
	}
	if given("rate") {
		sc.Rate, sc.Load = f.rate, 0
	}
	plan.Scenario = sc
	if given("requests") || (g.duration == 0 && f.scenario == "" && f.scenarioFile == "") {
		plan.Requests = f.requests
	}
	if g.seed == 0 { // so that the command runs the same again
		plan.Command += fmt.Sprintf(" --seed %d", plan.Seed)
	}
	return plan, nil
}

// check refuses rules about nobody.
func (f experimentFlags) check(plan experiment.Plan) error {
	names := []string{plan.Scenario.Name}
	for _, contestant := range plan.Contestants() {
		names = append(names, contestant, plan.Scenario.Name+"/"+contestant)
	}
	return f.failIf.Check(names)
}

// world is the scenario asked for; without one, the servers of the configuration.
func (f experimentFlags) world(cfg config.Config, length time.Duration) (simulate.Scenario, error) {
	switch {
	case f.scenario != "":
		return simulate.Lookup(f.scenario)
	case f.scenarioFile != "":
		source, err := config.ReadSource(f.scenarioFile)
		if err != nil {
			return simulate.Scenario{}, err
		}
		return simulate.ParseScenario(f.scenarioFile, source.Data)
	case length == 0:
		length = time.Duration(keepsEnough * float64(f.requests) / f.rate * float64(time.Second))
	}
	return experiment.FromConfig(cfg, f.rate, length)
}

// replayed is the plan of a recording, with the flags' policies.
func (f experimentFlags) replayed(plan experiment.Plan) (experiment.Plan, error) {
	rec, err := readRecording(f.replay)
	if err != nil {
		return plan, err
	}
	again := rec.Plan(plan.Policies)
	again.URL, again.TLS, again.Config, again.Version, again.Command = plan.URL, plan.TLS, plan.Config, plan.Version, plan.Command
	return again, nil
}

// readRecording reads what --record kept.
func readRecording(path string) (experiment.Recording, error) {
	file, err := os.Open(path)
	if err != nil {
		return experiment.Recording{}, fmt.Errorf("--replay: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	return experiment.ReadRecording(path, file)
}

// runExperiment carries the plan out. Requests are written while they happen, the reports at the
// end, also of what an interruption or an error has left.
func runExperiment(cmd *cobra.Command, plan experiment.Plan, f experimentFlags) (err error) {
	folder, err := report.NewFolder(f.out, time.Now())
	if err != nil {
		return usageError{fmt.Errorf("--out: %w", err)}
	}
	requests, err := report.CreateRequestLog(folder)
	if err != nil { // the folder was made, so that the command line is not to blame: a full disk
		return fmt.Errorf("--out: %w", err)
	}
	observer := experiment.Observer{Request: requests.Write}
	keep, err := startRecording(f.record, plan, &observer)
	if err != nil {
		return errors.Join(err, requests.Close())
	}
	show := newProgress(cmd.ErrOrStderr(), plan)
	observer.Progress = show.update

	ctx, stop := interruptible(cmd.Context())
	defer stop()
	defer context.AfterFunc(ctx, stop)() // a second ctrl+c kills
	result, runErr := experiment.Run(ctx, plan, observer)
	show.finish()
	written := errors.Join(requests.Close(), keep())
	judged := f.failIf.Judge(cmd.ErrOrStderr(), failif.OfComparison(result))
	if len(result.Strategies) == 0 {
		return errors.Join(runErr, written, judged)
	}
	result.FillRegret()
	exported := report.WriteComparisonFiles(folder, result)
	if exported != nil {
		folder = "" // it is not whole
	}
	err = errors.Join(runErr, written, exported, printComparison(cmd.OutOrStdout(), result, folder, f.json))
	if f.virtual && ctx.Err() == nil {
		err = errors.Join(err, printVirtual(ctx, cmd.OutOrStdout(), plan, result))
	}
	return errors.Join(err, experimentFailure(result), judged)
}

// startRecording lets the observer write a recording, and returns what completes it. Without a
// path there is none.
func startRecording(path string, plan experiment.Plan, to *experiment.Observer) (complete func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, usageError{fmt.Errorf("--record: %w", err)}
	}
	recorder, err := experiment.NewRecorder(file, plan)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	write := to.Request
	to.Trace = recorder.Trace
	to.Request = func(r report.Request) error { return errors.Join(write(r), recorder.Request(r)) }
	return func() error { return errors.Join(recorder.Flush(), file.Close()) }, nil
}
