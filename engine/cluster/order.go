package cluster

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"slbtui/engine/live"
)

// Order is what an operator wants, as it is written for all replicas. The latest of each key holds.
type Order struct {
	ID      string          `json:"id"` // of this order alone
	Do      string          `json:"do"` // the kind of the command
	Keys    json.RawMessage `json:"keys"`
	By      string          `json:"by"`      // who
	Replica string          `json:"replica"` // where
	At      time.Time       `json:"at"`

	cmd live.Command
}

func newOrder(cmd live.Command, id, by, replica string) (Order, error) {
	do, keys, err := live.Write(cmd)
	return Order{ID: id, Do: do, Keys: keys, By: by, Replica: replica, At: time.Now(), cmd: cmd}, err
}

// readOrder reads an order, which may be of a newer release and unknown here.
func readOrder(data []byte) (Order, error) {
	var o Order
	if err := json.Unmarshal(data, &o); err != nil {
		return o, err
	}
	k, ok := live.KindNamed(o.Do)
	if !ok {
		return o, fmt.Errorf("this release knows no order %q", o.Do)
	}
	var err error
	o.cmd, err = k.Read(o.Keys)
	return o, err
}

// String is the order as events have it.
func (o Order) String() string {
	return fmt.Sprintf("%s (%s at %s, %s)", live.Spoken(o.Do, o.Keys), o.By, o.Replica, o.At.Format(time.TimeOnly))
}

// keyOf is where an order is written; "" where a command concerns one replica only.
func keyOf(cmd live.Command) string {
	switch c := cmd.(type) {
	case live.SetPolicy:
		return "policy"
	case live.SetLearner:
		return "learner"
	case live.SetShadow:
		return "shadow"
	case live.SetParam:
		return "param." + escape(c.Learner) + "." + escape(c.Param)
	case live.ResetLearner:
		return "reset." + escape(c.Name)
	case live.DrainServer:
		return "drain." + escape(c.Server)
	}
	return ""
}

// escape writes any text in letters that a key may have. A short one stays as it is.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
			b.WriteByte(c)
		default:
			b.WriteString("=" + hex.EncodeToString([]byte{c}))
		}
	}
	return b.String()
}

// wanted is what a command that was carried out here makes the operator's will: a toggle means what came of it.
func wanted(cmd live.Command, before, after *live.Snapshot) []live.Command {
	switch cmd.(type) {
	case live.ToggleRL:
		return []live.Command{live.SetPolicy{Name: after.Policy}}
	case live.SetLearner:
		if before.Policy != after.Policy {
			return []live.Command{cmd, live.SetPolicy{Name: after.Policy}}
		}
	}
	if keyOf(cmd) == "" {
		return nil
	}
	return []live.Command{cmd}
}

// undo is what takes a command back, nil where nothing does.
func undo(cmd live.Command, before *live.Snapshot) live.Command {
	switch c := cmd.(type) {
	case live.SetPolicy:
		return live.SetPolicy{Name: before.Policy}
	case live.SetLearner:
		return live.SetLearner{Name: before.RL}
	case live.SetShadow:
		return live.SetShadow{Learners: before.Shadow}
	case live.SetParam:
		for _, l := range before.Learners {
			for _, p := range l.Params {
				if l.Name == c.Learner && p.Name == c.Param {
					return live.SetParam{Learner: c.Learner, Param: c.Param, Value: p.Value}
				}
			}
		}
	case live.DrainServer:
		return live.DrainServer{Server: c.Server, Drain: draining(before, c.Server)}
	}
	return nil
}

func draining(s *live.Snapshot, server string) bool {
	for i := range s.Servers {
		if s.Servers[i].ID == server {
			return s.Servers[i].State == live.ServerDraining
		}
	}
	return false
}

// holds tells whether an order that was once carried out still is in force. A parameter that a learner changes by
// itself is the learner's from then on.
func holds(cmd live.Command, s *live.Snapshot) bool {
	switch c := cmd.(type) {
	case live.SetPolicy:
		return s.Policy == c.Name
	case live.SetLearner:
		return s.RL == c.Name
	case live.SetShadow:
		return s.Shadow == c.Learners
	case live.DrainServer:
		return draining(s, c.Server) == c.Drain
	}
	return true
}
