package cmd

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slbtui/cmd/failif"
	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/tui/plain"
)

type consoleFlags struct {
	noTUI    bool
	phases   string
	export   string
	noExport bool
	symbols  string
	theme    string
	noMouse  bool
	noMotion bool
	hide     []string
	readOnly bool
	plain    bool
	interval time.Duration

	noPreferences bool
	cast          string

	replay replayFlags
	failIf failif.Rules
}

func consoleCommand(g *globals) *cobra.Command {
	var f consoleFlags
	cmd := &cobra.Command{
		Use:   "slbtui",
		Short: "A smart load balancer in a terminal: watch round robin and reinforcement learning route the same traffic",
		Example: `slbtui                           # the console
slbtui --plain --interval 10s    # the same as lines, for screen readers
slbtui --no-tui --phases round_robin:15s,q_learning:15s --seed 1
slbtui --replay fit/fit.jsonl    # your own day, from slbtui fit --out fit
slbtui --no-tui --duration 30s --fail-if 'p99>500ms'
slbtui serve --upstream 127.0.0.1:9001 --upstream 127.0.0.1:9002`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			return runConsole(cmd, g, cfg, f)
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.noTUI, "no-tui", false, "run without the console, one line a second (automatic without a terminal)")
	flags.StringVar(&f.phases, "phases", "", "`PHASES`, policies one after another, such as round_robin:10s,q_learning:10s; then end")
	flags.StringVar(&f.export, "export", "", "`FOLDER` for run summaries (default: export.dir of the configuration)")
	flags.BoolVar(&f.noExport, "no-export", false, "write no run summary")
	flags.StringVar(&f.replay.recording, "replay", "", "watch what was recorded in `FILE`, by fit or experiment, again and again: its servers, requests and faults")
	flags.StringVar(&f.replay.scenario, "scenario", "", "watch a built-in scenario `NAME`, likewise; see slbtui simulate --list")
	flags.StringVar(&f.replay.scenarioFile, "scenario-file", "", "watch a scenario of your own as YAML `FILE`, such as fit's scenario.yaml")
	flags.Float64Var(&f.replay.speed, "speed", 1, "so many `TIMES` the traffic of what is replayed")
	f.lookFlags(cmd)
	f.failIf.Flag(cmd)
	cmd.MarkFlagsMutuallyExclusive("replay", "scenario", "scenario-file")
	cmd.MarkFlagsMutuallyExclusive("export", "no-export")
	cmd.MarkFlagsMutuallyExclusive("no-tui", "read-only")
	cmd.MarkFlagsMutuallyExclusive("no-tui", "plain")
	return cmd
}

// lookFlags are those of whatever shows a console, its own engine's or another's.
func (f *consoleFlags) lookFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.symbols, "symbols", "", "`SYMBOLS` that charts are drawn with: braille, block or ascii (default: braille where locale and terminal allow)")
	flags.StringVar(&f.theme, "theme", "", "`THEME`: dark, light, contrast, colourblind or ansi (default: as the terminal's background)")
	flags.BoolVar(&f.noMouse, "no-mouse", false, "leave the mouse to the terminal")
	flags.BoolVar(&f.noMotion, "no-motion", false, "let nothing move by itself (automatic over ssh; :motion changes that)")
	flags.StringSliceVar(&f.hide, "hide", nil, "`PANES` that are not shown, by number or name, such as 5,flow")
	flags.BoolVar(&f.readOnly, "read-only", false, "let the console show everything and change nothing")
	flags.BoolVar(&f.plain, "plain", false, "the console as lines of plain text, for screen readers; commands are typed as lines")
	flags.DurationVar(&f.interval, "interval", plain.DefaultInterval, "`TIME` between two lines of --plain, such as 2s")
	flags.BoolVar(&f.noPreferences, "no-preferences", false, "neither read nor keep what the console remembers: theme, symbols, mouse, window, hidden panes and the like")
	flags.StringVar(&f.cast, "cast", "", "record what the screen shows in a new `FILE` as asciicast v3, for asciinema play; keys are not recorded")
}

// parsePhases reads "round_robin:10s,q_learning:10s".
func parsePhases(s string) ([]engine.PlannedPhase, error) {
	if s == "" {
		return nil, nil
	}
	var plan []engine.PlannedPhase
	for part := range strings.SplitSeq(s, ",") {
		name, length, ok := strings.Cut(strings.TrimSpace(part), ":")
		d, err := time.ParseDuration(length)
		if !ok || err != nil || d <= 0 {
			return nil, fmt.Errorf("--phases %q: want POLICY:DURATION, such as round_robin:10s", part)
		}
		plan = append(plan, engine.PlannedPhase{Policy: name, For: d})
	}
	return plan, nil
}

// routing lists who will route, as far as is known beforehand.
func routing(plan []engine.PlannedPhase, cfg config.Config) []string {
	if len(plan) == 0 {
		return []string{cfg.LoadBalancer.Policy}
	}
	var names []string
	for _, phase := range plan {
		if !slices.Contains(names, phase.Policy) {
			names = append(names, phase.Policy)
		}
	}
	return names
}
