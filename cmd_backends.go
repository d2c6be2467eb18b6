package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"slbtui/backends"
	"slbtui/engine"
)

func backendsCommand(g *globals) *cobra.Command {
	one := engine.ServerConfig{Host: "127.0.0.1", Weight: 1}
	cmd := &cobra.Command{
		Use:   "backends",
		Short: "Run the simulated servers alone: all of the configuration, or one by flags",
		Example: `slbtui backends
slbtui backends --id server1 --port 8001 --base-delay-ms 50`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			if one.ID != "" {
				cfg.Servers = []engine.ServerConfig{one}
				if err := cfg.Validate(); err != nil {
					return usageError{err}
				}
			}
			return serveBackends(cmd, g, cfg)
		},
	}
	f := cmd.Flags()
	f.StringVar(&one.ID, "id", "", "run one server with this id, instead of the configuration's")
	f.StringVar(&one.Host, "host", "127.0.0.1", "address it listens on")
	f.IntVar(&one.Port, "port", 0, "port it listens on; 0 takes a free one")
	f.Float64Var(&one.BaseDelayMS, "base-delay-ms", 50, "mean service time in ms")
	f.IntVar(&one.Workers, "workers", 8, "requests served at once; the rest queue")
	f.Float64Var(&one.Sigma, "sigma", 0.3, "spread of the service time (sd of its logarithm)")
	return cmd
}

func serveBackends(cmd *cobra.Command, g *globals, cfg engine.Config) error {
	seed := g.chosenSeed()
	ctx, stop := interruptible(cmd.Context())
	defer stop()
	if g.duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, g.duration)
		defer cancel()
	}
	var servers []*backends.Server
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
	err := group.Wait()
	_, _ = fmt.Fprintf(cmd.OutOrStdout(), "stopped after %.1f s\n", time.Since(begun).Seconds())
	return err
}
