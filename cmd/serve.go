package cmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// serveFlags are those of the serve command. Each overrides the configuration, now and when it is
// read again.
type serveFlags struct {
	listen, policy, admin      string
	adminTokens                string
	shadow, health             string
	tlsCert, tlsKey, accessLog string
	zone                       string
	upstreams                  []string
}

func serveCommand(g *globals) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the proxy in front of your own servers, without console and load",
		Long: `Run the proxy alone, in front of servers that run elsewhere. Without --upstream the servers of the
configuration are taken, by url or by host and port (as "slbtui backends" serves them).

A configuration file that changes is read again, and on SIGHUP (which also reopens the access log): servers, policy,
parameters, health, limits and certificates change while requests in flight and what was learned go on. A file
with a mistake changes nothing. SIGTERM drains, then ends; a second one ends at once.

--admin opens a listener for operators: slbtui attach shows the console of this balancer over it. GET /snapshot,
/metrics (Prometheus) and /healthz, POST /command, /policy, /params and /drain; GET / lists them all with an example of
each.`,
		Example: `slbtui serve --listen 127.0.0.1:8080 --admin 127.0.0.1:9090 \
    --upstream 127.0.0.1:9001 --upstream 127.0.0.1:9002
slbtui attach http://127.0.0.1:9090     # from another terminal
curl http://127.0.0.1:9090/
curl -H 'Content-Type: application/json' -d '{"server": "server1"}' \
    http://127.0.0.1:9090/drain`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			configure := func() (config.Config, error) { return f.configure(g) }
			cfg, err := configure()
			if err != nil {
				return err
			}
			e, err := engine.New(cfg, engine.Options{
				Seed: g.chosenSeed(), Duration: g.duration, Listen: f.listen, ServeOnly: true, Learned: g.learned, Version: version(),
			})
			if err != nil {
				return usageError{err}
			}
			reload := newReloader(g.configs, configure, e) // from here on SIGHUP does not kill
			defer reload.stop()
			if err := e.Listen(); err != nil {
				return err
			}
			beside, err := attach(e, cfg, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			reload.beside = beside
			signals := make(chan os.Signal, 2)
			signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
			defer signal.Stop(signals)
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
			log.Info("listening", "url", cfg.LoadBalancer.URL(e.Addr()))
			for _, s := range cfg.Servers { // none yet where they are found
				log.Info("upstream", "server", s.ID, "url", s.URL)
			}
			if beside.admin != nil {
				log.Info("listening for operators", "url", beside.admin.URL())
				if why := beside.admin.Exposed(); why != "" {
					log.Warn(why)
				}
			}
			return serve(cmd.Context(), signals, log, e, reload)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "", "address to listen on, `HOST:PORT` or unix:/PATH (default: load_balancer of the configuration)")
	flags.StringVar(&f.policy, "policy", "", "`POLICY` that routes; see slbtui policies (default: the configuration's, or q_factored)")
	flags.StringVar(&f.shadow, "shadow", "", "who learns while another policy routes: `LEARNERS`, all or none (default: q_factored, to switch to)")
	flags.StringArrayVar(&f.upstreams, "upstream", nil, "a server, `HOST:PORT`, URL or unix:/PATH; repeatable")
	flags.StringVar(&f.health, "health", "", "`PATH` that servers are polled at, or none (default: health.path of the configuration)")
	flags.StringVar(&f.zone, "zone", "", "`ZONE` that this balancer is in, for zone_aware (default: load_balancer of the configuration)")
	flags.StringVar(&f.admin, "admin", "", "address of the listener for operators, `HOST:PORT` on this machine or unix:/PATH (default: none)")
	flags.StringVar(&f.adminTokens, "admin-tokens", "", "who may, a `FILE` of the lines that slbtui token prints (default: whoever reaches it)")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "certificate, a PEM `FILE`; with --tls-key the proxy speaks TLS")
	flags.StringVar(&f.tlsKey, "tls-key", "", "its key, a PEM `FILE`")
	flags.StringVar(&f.accessLog, "access-log", "", "a line of JSON per request: into `FILE`, or stderr (default: none)")
	cmd.MarkFlagsRequiredTogether("tls-cert", "tls-key")
	return cmd
}

// configure reads the configuration as this command line has it.
func (f *serveFlags) configure(g *globals) (config.Config, error) {
	cfg, err := g.load()
	if err != nil {
		return cfg, err
	}
	if err := elsewhere(&cfg, f.upstreams); err != nil {
		return cfg, usageError{err}
	}
	lb := &cfg.LoadBalancer
	switch {
	case f.policy != "":
		lb.Policy = f.policy
	case cfg.BuiltIn("load_balancer.policy"):
		lb.Policy = "q_factored"
	}
	for _, o := range []struct {
		flag string
		to   *string
	}{{f.admin, &cfg.Admin.Listen}, {f.adminTokens, &cfg.Admin.TokensFile}, {f.shadow, &lb.Shadow}, {f.tlsCert, &lb.TLS.CertFile}, {f.tlsKey, &lb.TLS.KeyFile}, {f.accessLog, &lb.AccessLog}, {f.zone, &lb.Zone}} {
		if o.flag != "" {
			*o.to = o.flag
		}
	}
	switch f.health {
	case "":
	case "none":
		cfg.Health.Path = ""
	default:
		cfg.Health.Path = f.health
	}
	if err := cfg.Validate(); err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// elsewhere makes every server of the configuration one that runs elsewhere.
func elsewhere(cfg *config.Config, upstreams []string) error {
	if len(upstreams) > 0 {
		if cfg.Discovery.On() {
			return errors.New("--upstream: the configuration has discovery, which finds the servers; leave one of the two out")
		}
		cfg.Servers = nil
		for i, u := range upstreams {
			if _, socket := config.Socket(u); !socket && !strings.Contains(u, "://") {
				var bad *net.AddrError
				if _, _, err := net.SplitHostPort(u); errors.As(err, &bad) {
					return fmt.Errorf("--upstream %s: %s; want HOST:PORT, http://HOST:PORT or unix:/PATH", config.HidePassword(u), bad.Err)
				}
				u = "http://" + u
			}
			cfg.Servers = append(cfg.Servers, config.Server{ID: fmt.Sprintf("server%d", i+1), URL: u, Weight: 1})
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
		cfg.Servers[i] = config.Server{ID: s.ID, URL: fmt.Sprintf("http://%s", net.JoinHostPort(s.Host, fmt.Sprint(s.Port))), Weight: s.Weight, Zone: s.Zone, Health: s.Health}
	}
	return nil
}

// serve runs the engine until it is told to stop, reads the configuration again when it changes, and
// logs what happens.
func serve(ctx context.Context, signals chan os.Signal, log *slog.Logger, e *engine.Engine, reload *reloader) error {
	ctx, drain := context.WithCancel(ctx)
	defer drain()
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
		case <-signals:
			if ctx.Err() == nil {
				log.Info("draining; another signal cuts what is in flight")
				drain()
				continue
			}
			log.Warn("cutting what is in flight")
			e.Hurry()
			signal.Stop(signals) // a third one kills
		case <-reload.hangup:
			reload.again(ctx, log)
		case <-ticker.C:
			reload.ifChanged(ctx, log)
		}
		shown = logEvents(log, e.Snapshot(), shown)
	}
}

func logEvents(log *slog.Logger, s *live.Snapshot, shown uint64) uint64 {
	if s == nil {
		return shown
	}
	for _, ev := range s.Events {
		if ev.Number > shown {
			shown = ev.Number
			level := slog.LevelInfo
			if ev.Kind == metrics.EventWarning {
				level = slog.LevelWarn
			}
			log.Log(context.Background(), level, ev.Text, "kind", ev.Kind)
		}
	}
	return shown
}
