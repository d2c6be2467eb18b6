package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"slbtui/engine/config"
	"slbtui/engine/train"
	"slbtui/engine/wholefile"
	"slbtui/qlearn/net"
)

type trainFlags struct {
	out string
	cfg train.Config
}

func trainCommand(g *globals) *cobra.Command {
	f := trainFlags{cfg: train.Default()}
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train the network of q_network in virtual time, and say how good it is",
		Long: `Train the network of q_network offline: in scenarios drawn at random the network decides, and who knows the
truth says what every server would have cost. Then q_network is compared with q_factored and the classical
policies in forty other scenarios of each kind. The configuration takes the file as q_network.weights. One seed gives the same weights, to the byte on one architecture. The
whole takes some minutes on two cores.`,
		Example: `slbtui train --out weights.json
slbtui train --out weights.json --seed 2 --rounds 2 --scenarios 20`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			if f.out == "" {
				return usageError{errors.New("--out is missing: say which FILE the weights go to")}
			}
			f.cfg.Seed = max(1, g.seed)
			if err := f.cfg.Validate(); err != nil {
				return usageError{err}
			}
			return runTraining(cmd, f, cfg)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "", "write the network and its held-out results to this `FILE`")
	flags.IntVar(&f.cfg.Rounds, "rounds", f.cfg.Rounds, "`NUMBER` of rounds of deciding and training")
	flags.IntVar(&f.cfg.Scenarios, "scenarios", f.cfg.Scenarios, "`NUMBER` of new scenarios in each round")
	flags.IntVar(&f.cfg.Decisions, "decisions", f.cfg.Decisions, "`NUMBER` of decisions kept of each scenario")
	flags.IntVar(&f.cfg.Epochs, "epochs", f.cfg.Epochs, "`NUMBER` of passes over all decisions in each round, three times as many in the last")
	flags.IntVar(&f.cfg.HeldOut, "held-out", f.cfg.HeldOut, "`NUMBER` of other scenarios of each kind to compare policies in")
	g.ignores(cmd, "duration", "learned")
	return cmd
}

func runTraining(cmd *cobra.Command, f trainFlags, cfg config.Config) error {
	if err := wholefile.Probe(filepath.Dir(f.out)); err != nil { // before minutes of work, not after
		return usageError{fmt.Errorf("--out %s: %w", f.out, err)}
	}
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	w, show := cmd.OutOrStdout(), newTrainingProgress(cmd.ErrOrStderr())
	if err := f.cfg.Describe(w); err != nil {
		return err
	}
	network, err := train.Run(ctx, f.cfg, show.training)
	if err != nil {
		return err
	}
	var results bytes.Buffer
	for _, kind := range []train.Worlds{train.Random, train.Wild} {
		heldOut, err := train.Evaluate(ctx, network, cfg.PolicyOptions(), kind, f.cfg.HeldOut, show.evaluating)
		if err == nil {
			err = heldOut.Write(&results)
		}
		if err != nil {
			return err
		}
	}
	show.finish()
	if _, err := w.Write(results.Bytes()); err != nil {
		return err
	}
	var file bytes.Buffer
	if err := writeNetwork(&file, f.cfg, network, results.String()); err != nil {
		return err
	}
	if err := wholefile.Write(f.out, file.Bytes(), 0o644); err != nil {
		return fmt.Errorf("--out %s: %w", f.out, err)
	}
	return nil
}

// writeNetwork writes the network, with how it was made and what it reached in front of it.
func writeNetwork(w io.Writer, cfg train.Config, network *net.Network, results string) error {
	var about strings.Builder
	if err := cfg.Describe(&about); err != nil {
		return err
	}
	return network.Write(w, strings.Split(about.String()+strings.TrimSpace(results), "\n")...)
}

// trainingProgress shows how far a training has come: a bar on a terminal, a line for each round elsewhere.
type trainingProgress struct {
	w     io.Writer
	bar   *progressbar.ProgressBar // nil without a terminal
	round int                      // of the last line
}

func newTrainingProgress(w io.Writer) *trainingProgress {
	p := &trainingProgress{w: w}
	if isTerminal(w) {
		p.bar = progressbar.NewOptions(1, progressbar.OptionSetWriter(w), progressbar.OptionSetPredictTime(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetWidth(20), progressbar.OptionClearOnFinish())
	}
	return p
}

func (p *trainingProgress) training(now train.Progress) {
	text := fmt.Sprintf("round %d, %d decisions, loss %.3f", now.Round, now.Decisions, now.Loss)
	if p.bar == nil && now.Round != p.round {
		p.round = now.Round
		_, _ = fmt.Fprintln(p.w, text)
	}
	p.draw(text, now.Done, now.Total)
}

func (p *trainingProgress) evaluating(done, total int) { p.draw("held out", done, total) }

func (p *trainingProgress) draw(text string, done, total int) {
	if p.bar != nil { // a bar that cannot be drawn is no failure
		p.bar.ChangeMax(total + 1) // it goes away when it is full, which is finish's business
		p.bar.Describe(text)
		_ = p.bar.Set(done)
	}
}

func (p *trainingProgress) finish() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}
