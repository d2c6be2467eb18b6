package cmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"slbtui/engine"
	"slbtui/engine/config"
	"slbtui/engine/front"
	"slbtui/engine/live"
)

// reloader reads the configuration again, and hands it to the engine.
type reloader struct {
	files     []string
	stamp     string
	configure func() (config.Config, error)
	engine    *engine.Engine
	beside    companions
	hangup    chan os.Signal
}

func newReloader(files []string, configure func() (config.Config, error), e *engine.Engine) *reloader {
	r := &reloader{files: files, configure: configure, engine: e, hangup: make(chan os.Signal, 1)}
	r.stamp = r.stamps()
	signal.Notify(r.hangup, syscall.SIGHUP)
	return r
}

func (r *reloader) stop() { signal.Stop(r.hangup) }

func (r *reloader) stamps() string {
	var all strings.Builder
	for _, f := range r.files {
		all.WriteString(front.FileStamp(f))
	}
	return all.String()
}

// ifChanged reads again when a file has changed since it was last read, well or ill.
func (r *reloader) ifChanged(ctx context.Context, log *slog.Logger) {
	if r.stamps() != r.stamp {
		r.read(ctx, log)
	}
}

// again reads everything again that is in files, as somebody asked for.
func (r *reloader) again(ctx context.Context, log *slog.Logger) {
	if r.beside.access != nil {
		if err := r.beside.access.Reopen(); err != nil {
			log.Error("the access log of before is kept", "error", err)
		}
	}
	if r.beside.admin != nil {
		if err := r.beside.admin.Reread(); err != nil {
			log.Error("the admin listener goes on as before", "error", err)
		}
	}
	r.read(ctx, log)
	_ = r.engine.Do(ctx, live.RefreshCertificate{}) // its failure is an event
}

// configured is the configuration as the files have it now.
func (r *reloader) configured() (config.Config, error) {
	for _, f := range r.files {
		if err := config.Again(f); err != nil {
			return config.Config{}, fmt.Errorf("configuration: %w", err)
		}
	}
	return r.configure()
}

func (r *reloader) read(ctx context.Context, log *slog.Logger) {
	r.stamp = r.stamps() // before reading: a change meanwhile is noticed later
	cfg, err := r.configured()
	if err == nil {
		err = r.engine.Reconfigure(ctx, cfg)
	}
	switch {
	case ctx.Err() != nil, errors.Is(err, engine.ErrStopped):
	case err != nil:
		log.Error("the configuration of before is kept", "error", err)
	default:
		log.Info("configuration read")
	}
}
