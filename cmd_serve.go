package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slbtui/engine"
)

func serveCommand(g *globals) *cobra.Command {
	var listen, policy string
	var upstreams []string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the proxy in front of your own servers, without console and load",
		Long: `Run the proxy alone, in front of servers that run elsewhere. Without --upstream the servers of the
configuration are taken, by url or by host and port (as "slbtui backends" serves them).`,
		Example: "slbtui serve --listen 127.0.0.1:8080 --policy q_factored --upstream 127.0.0.1:9001 --upstream 127.0.0.1:9002",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			if err := elsewhere(&cfg, upstreams); err != nil {
				return usageError{err}
			}
			cfg.LoadBalancer.Policy = policy
			e, err := engine.New(cfg, engine.Options{
				Seed: g.chosenSeed(), Duration: g.duration, Listen: listen, ServeOnly: true, Learned: g.learned, Version: version(),
			})
			if err != nil {
				return usageError{err}
			}
			if err := e.Listen(); err != nil {
				return err
			}
			ctx, stop := interruptible(cmd.Context())
			defer stop()
			return serve(ctx, cmd.ErrOrStderr(), e)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", "`HOST:PORT` to listen on (default: load_balancer of the configuration)")
	cmd.Flags().StringVar(&policy, "policy", "q_factored", "who routes; see slbtui policies")
	cmd.Flags().StringArrayVar(&upstreams, "upstream", nil, "`HOST:PORT` or URL of a server; repeatable")
	return cmd
}

// elsewhere makes every server of the configuration one that runs elsewhere.
func elsewhere(cfg *engine.Config, upstreams []string) error {
	if len(upstreams) > 0 {
		cfg.Servers = nil
		for i, u := range upstreams {
			if !strings.Contains(u, "://") {
				if _, _, err := net.SplitHostPort(u); err != nil {
					return fmt.Errorf("--upstream %s: %w; want HOST:PORT or http://HOST:PORT", u, err)
				}
				u = "http://" + u
			}
			cfg.Servers = append(cfg.Servers, engine.ServerConfig{ID: fmt.Sprintf("server%d", i+1), URL: u, Weight: 1})
		}
		return nil
	}
	for i, s := range cfg.Servers {
		if s.URL != "" {
			continue
		}
		if s.Port == 0 {
			return fmt.Errorf("servers[%d] %s has no port: serve cannot know where it listens; set one, or give --upstream", i, s.ID)
		}
		cfg.Servers[i] = engine.ServerConfig{ID: s.ID, URL: fmt.Sprintf("http://%s", net.JoinHostPort(s.Host, fmt.Sprint(s.Port))), Weight: s.Weight}
	}
	return nil
}

// serve runs the engine and logs what happens to it.
func serve(ctx context.Context, w io.Writer, e *engine.Engine) error {
	log := slog.New(slog.NewTextHandler(w, nil))
	log.Info("listening", "url", "http://"+e.Addr())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	var shown uint64
	for {
		select {
		case err := <-done:
			logEvents(log, e.Snapshot(), shown)
			return err
		case <-ticker.C:
			shown = logEvents(log, e.Snapshot(), shown)
		}
	}
}

func logEvents(log *slog.Logger, s *engine.Snapshot, shown uint64) uint64 {
	if s == nil {
		return shown
	}
	for _, ev := range s.Events {
		if ev.Number > shown {
			shown = ev.Number
			log.Info(ev.Text, "kind", ev.Kind)
		}
	}
	return shown
}
