package steer

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync"
	"time"

	"slbtui/engine/steer/haproxy"
)

const (
	silence   = 3 * time.Second // after it whoever steers is dead or stands still
	lastWords = time.Minute     // for which a dead agent is stood in for
	maxWill   = 1 << 20
)

// Will is what is left to do when whoever steers is gone at once: servers at weight 0 get some again, all others keep
// what they have.
type Will struct {
	Done    bool           `json:"done,omitempty"` // all is put back: nothing is left to do
	Socket  string         `json:"socket,omitempty"`
	Backend string         `json:"backend,omitempty"`
	Agent   string         `json:"agent,omitempty"`   // address that checks ask at
	Lift    map[string]int `json:"lift,omitempty"`    // servers at 0, and the weight for each
	Percent map[string]int `json:"percent,omitempty"` // what an agent said last of the others
}

// Guard keeps the latest Will, somewhere that outlives this process. Its zero value keeps none, and says so.
type Guard struct{ to *guardPipe }

type guardPipe struct {
	mu sync.Mutex
	w  io.Writer
}

// NewGuard keeps wills by writing each as a line of JSON: RunGuard reads them.
func NewGuard(w io.Writer) Guard { return Guard{&guardPipe{w: w}} }

var errNoGuard = errors.New("there is no guard process: a server that fails gets weight 1 and not 0, for nobody would lift it if this process died")

// Promise keeps w in place of the last. It is to be called at least once a second.
func (g Guard) Promise(w Will) error {
	if g.to == nil {
		if len(w.Lift) == 0 {
			return nil
		}
		return errNoGuard
	}
	line, err := json.Marshal(w)
	if err != nil {
		return fmt.Errorf("tell the guard: %w", err)
	}
	g.to.mu.Lock()
	defer g.to.mu.Unlock()
	if _, err := g.to.w.Write(append(line, '\n')); err != nil {
		if len(w.Lift) == 0 && !w.Done {
			return nil // nothing to guard
		}
		return errNoGuard
	}
	return nil
}

// Release says that nothing is left to do.
func (g Guard) Release() { _ = g.Promise(Will{Done: true}) } // a guard that is gone guards nothing

// RunGuard reads wills and carries the last one out when they end without a release, or stop for three seconds. It
// returns when they have ended, and all is done.
func RunGuard(ctx context.Context, wills io.Reader) error {
	lines := make(chan Will)
	var reading sync.WaitGroup
	defer reading.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reading.Go(func() {
		defer close(lines)
		in := bufio.NewScanner(wills)
		in.Buffer(nil, maxWill)
		for in.Scan() {
			var w Will
			if json.Unmarshal(in.Bytes(), &w) != nil {
				continue
			}
			select {
			case lines <- w:
			case <-ctx.Done():
				return
			}
		}
	})
	var last Will
	timer := time.NewTimer(silence)
	defer timer.Stop()
	for {
		select {
		case w, open := <-lines:
			if !open {
				if last.Done {
					return nil
				}
				return last.carryOut(ctx)
			}
			last = w
		case <-timer.C:
			if len(last.Lift) > 0 && last.Socket != "" { // an agent's address is still taken while it only stands still
				_ = last.bySocket(ctx) // the end of the wills tries again
			}
		}
		timer.Reset(silence)
	}
}

func (w Will) carryOut(ctx context.Context) error {
	if len(w.Lift) == 0 {
		return nil
	}
	var err error
	if w.Socket != "" {
		if err = w.bySocket(ctx); err == nil {
			return nil
		}
	}
	if w.Agent == "" {
		return err
	}
	return errors.Join(err, w.standIn(ctx))
}

// bySocket lifts the servers that are still at 0.
func (w Will) bySocket(ctx context.Context) error {
	api, err := haproxy.NewAPI(w.Socket)
	if err != nil {
		return err
	}
	servers, err := api.Servers(ctx, w.Backend)
	if err != nil {
		return err
	}
	for _, s := range servers {
		if weight, drained := w.Lift[s.Name]; drained && s.Weight == 0 {
			err = errors.Join(err, api.SetWeight(ctx, w.Backend, s.Name, weight))
		}
	}
	return err
}

// standIn answers for a dead agent until each server that it had drained has been told of its weight.
func (w Will) standIn(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lastWords)
	defer cancel()
	var mu sync.Mutex
	left := maps.Clone(w.Lift)
	agent, err := haproxy.ListenAgent(ctx, w.Agent, func(said string) string {
		name := serverOf(said)
		mu.Lock()
		defer mu.Unlock()
		if percent, drained := w.Lift[name]; drained {
			if delete(left, name); len(left) == 0 {
				time.AfterFunc(silence/3, cancel) // this answer goes out first
			}
			return haproxy.Ready(percent)
		}
		if percent, known := w.Percent[name]; known {
			return haproxy.Ready(percent)
		}
		return ""
	})
	if err != nil {
		return err
	}
	return agent.Run(ctx)
}

// serverOf is the server that a check has named, with its backend before it or without.
func serverOf(said string) string { return said[strings.LastIndexByte(said, '/')+1:] }
