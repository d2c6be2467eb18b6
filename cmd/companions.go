package cmd

import (
	"errors"
	"io"

	"slbtui/engine"
	"slbtui/engine/accesslog"
	"slbtui/engine/admin"
	"slbtui/engine/cluster"
	"slbtui/engine/config"
)

// companions are what runs beside the proxy; nil where the configuration has none.
type companions struct {
	access *accesslog.Log
	admin  *admin.Server
	fleet  *cluster.Cluster
}

// attach adds what the configuration asks for. stderr is nil where a screen is in the way.
func attach(e *engine.Engine, cfg config.Config, stderr io.Writer) (companions, error) {
	var c companions
	var err error
	switch path := cfg.LoadBalancer.AccessLog; {
	case path == "":
	case path != "stderr":
		if c.access, err = accesslog.Open(path); err != nil {
			return c, err
		}
	case stderr == nil:
		return c, usageError{errors.New("load_balancer.access_log: the console is on stderr's terminal; name a file")}
	default:
		c.access = accesslog.New(stderr)
	}
	if c.access != nil {
		e.Attach("access log", c.access)
	}
	var operated admin.Engine = e
	if cfg.Cluster.On() {
		if c.fleet, err = cluster.Open(cfg.Cluster, e); err != nil {
			return c, err
		}
		e.Attach("cluster", c.fleet)
		operated = c.fleet
	}
	if cfg.Admin.Listen == "" {
		return c, nil
	}
	if c.admin, err = admin.Listen(cfg.Admin, operated); err != nil {
		return c, err
	}
	if c.fleet != nil {
		c.admin.Join(c.fleet)
	}
	e.Attach("admin listener", c.admin)
	return c, nil
}
