package cmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"slbtui/backends"
	"slbtui/backends/fault"
	"slbtui/engine/config"
	"slbtui/engine/play"
	"slbtui/engine/simulate"
)

func backendsCommand(g *globals) *cobra.Command {
	one := config.Server{Host: "127.0.0.1", Weight: 1}
	var scenario string
	cmd := &cobra.Command{
		Use:   "backends",
		Short: "Run the simulated servers alone: all of the configuration, one by flags, or those of a scenario with their faults",
		Example: `slbtui backends
slbtui backends --id server1 --port 8001 --base-delay-ms 50
slbtui backends --scenario slow5x --port 9100 --duration 1m`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkBackends(cmd.Flags().Changed); err != nil {
				return usageError{err}
			}
			cfg, err := g.load()
			if err != nil {
				return err
			}
			var faults []play.Fault
			switch {
			case scenario != "":
				sc, err := simulate.Lookup(scenario)
				if err != nil {
					return usageError{err}
				}
				cfg.Servers, faults = serversOf(sc, one), play.Plan(sc)
			case one.ID != "":
				cfg.Servers = []config.Server{one}
			}
			if err := cfg.Validate(); err != nil {
				return usageError{err}
			}
			return serveBackends(cmd, g, cfg, faults)
		},
	}
	f := cmd.Flags()
	f.StringVar(&one.ID, "id", "", "run one server with this `ID`, instead of the configuration's")
	f.StringVar(&one.Host, "host", "127.0.0.1", "`ADDRESS` it listens on")
	f.StringVar(&scenario, "scenario", "", "run the servers of a built-in scenario `NAME`, whose faults begin when they do (slbtui simulate --list)")
	f.IntVar(&one.Port, "port", 0, "`PORT` it listens on, the first of a scenario's; 0 takes a free one")
	f.Float64Var(&one.BaseDelayMS, "base-delay-ms", 50, "mean service time in `MS`")
	f.IntVar(&one.Workers, "workers", 8, "`NUMBER` of requests served at once; the rest queue")
	f.Float64Var(&one.Sigma, "sigma", 0.3, "`SPREAD` of the service time (sd of its logarithm)")
	cmd.MarkFlagsMutuallyExclusive("id", "scenario")
	g.ignores(cmd, "learned")
	return cmd
}

// checkBackends refuses flags that describe a server that is not run.
func checkBackends(given func(flag string) bool) error {
	for _, flag := range []string{"host", "port"} {
		if given(flag) && !given("id") && !given("scenario") {
			return fmt.Errorf("--%s: the servers of the configuration have their own; give --id or --scenario, too", flag)
		}
	}
	for _, flag := range []string{"base-delay-ms", "workers", "sigma"} {
		if given(flag) && !given("id") {
			return fmt.Errorf("--%s: describes one server by itself; give its --id, too", flag)
		}
	}
	return nil
}

// serversOf are a scenario's, where the flags for one say.
func serversOf(sc simulate.Scenario, at config.Server) []config.Server {
	var servers []config.Server
	for i, s := range sc.Servers {
		c := config.Server{ID: s.ID, Host: at.Host, BaseDelayMS: s.BaseDelayMS, Workers: s.Workers, Sigma: s.Sigma, Weight: cmp.Or(s.Weight, 1)}
		if at.Port != 0 {
			c.Port = at.Port + i
		}
		servers = append(servers, c)
	}
	return servers
}

func serveBackends(cmd *cobra.Command, g *globals, cfg config.Config, faults []play.Fault) error {
	seed := g.chosenSeed()
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	if g.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, g.duration)
		defer cancel()
	}
	var servers []*backends.Server
	byID := map[string]*backends.Server{}
	for i, s := range cfg.Servers {
		if s.URL != "" {
			continue
		}
		b, err := backends.New(backends.Config{
			ID: s.ID, Host: s.Host, Port: s.Port, BaseDelayMS: s.BaseDelayMS, Workers: s.Workers, Sigma: s.Sigma, Seed: seed + uint64(i),
		})
		if err != nil {
			return usageError{fmt.Errorf("servers[%d] %s: %w", i, s.ID, err)}
		}
		if err := b.Listen(); err != nil {
			return fmt.Errorf("servers[%d] %s: %w; free the port or set another", i, s.ID, err)
		}
		servers = append(servers, b)
		byID[s.ID] = b
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s on http://%s  %g ms, %d workers\n", s.ID, b.Addr(), s.BaseDelayMS, s.Workers)
	}
	if len(servers) == 0 {
		return usageError{errors.New("the configuration has no simulated server: every one has a url")}
	}
	_, _ = fmt.Fprintf(cmd.OutOrStdout(), "seed %d; ctrl+c stops\n", seed)
	group, ctx := errgroup.WithContext(ctx)
	for _, b := range servers {
		group.Go(func() error { return b.Serve(ctx) })
	}
	begun := time.Now()
	group.Go(func() error { return playFaults(ctx, cmd.OutOrStdout(), byID, faults) })
	err := group.Wait()
	_, _ = fmt.Fprintf(cmd.OutOrStdout(), "stopped after %.1f s\n", time.Since(begun).Seconds())
	return err
}

// playFaults injects each fault at its time, in the servers of its scenario.
func playFaults(ctx context.Context, w io.Writer, servers map[string]*backends.Server, faults []play.Fault) error {
	begun := time.Now()
	for _, f := range faults {
		select {
		case <-time.After(time.Until(begun.Add(f.At))):
		case <-ctx.Done():
			return nil
		}
		servers[f.Server].SetFault(fault.Span{Fault: f.Fault, For: f.For})
		_, _ = fmt.Fprintf(w, "%5.1f s  %s: %s for %v\n", time.Since(begun).Seconds(), f.Server, f.Fault, f.For)
	}
	return nil
}
