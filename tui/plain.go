package tui

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"slbtui/engine/live"
	"slbtui/tui/dialog"
	"slbtui/tui/format"
)

// The pace of plain text.
const (
	DefaultInterval = 5 * time.Second        // a line can be spoken in it
	MinInterval     = 100 * time.Millisecond // the engine has nothing newer
	MaxInterval     = time.Hour
)

// PlainOptions shape the console as lines of text.
type PlainOptions struct {
	Interval     time.Duration // between two lines, MinInterval-MaxInterval; 0 is DefaultInterval
	ReadOnly     bool          // shows everything, changes nothing of the engine
	EndWithInput bool          // the end of the input is a wish to quit, as ctrl+d at a terminal is
}

// Plain is the console for screen readers, simple terminals and pipes: every interval one line says
// how things are, events have lines of their own as they happen, and commands are lines of in (the
// command line's, and a few more). No escape sequence is ever written. It returns when the user
// quits or ctx ends, which is no error. It starts one goroutine, which ends with in or, where in can
// be interrupted, with Plain.
func Plain(ctx context.Context, e live.Engine, in io.Reader, out io.Writer, o PlainOptions) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = crashed("plain text", cause)
		}
	}()
	if o.Interval == 0 {
		o.Interval = DefaultInterval
	}
	input, stop := readLines(in)
	defer stop()
	p := &speaker{m: New(e, Options{Symbols: "ascii", ReadOnly: o.ReadOnly}), out: out, interval: o.Interval}
	ticker := time.NewTicker(MinInterval)
	defer ticker.Stop()
	var commands <-chan string // none before there is anything to command
	for !p.over && p.err == nil {
		select {
		case <-ctx.Done():
			return nil
		case now := <-ticker.C:
			if p.frame(frameMsg{at: now, snap: e.Snapshot()}) {
				commands, input = input, nil
			}
		case line, ok := <-commands:
			if ok {
				p.command(line)
				continue
			}
			if o.EndWithInput {
				return nil
			}
			commands = nil
			p.say("input has ended: no more commands; the run goes on until its end or ctrl+c")
		}
	}
	return p.err
}

// speaker is the console's model, spoken instead of drawn.
type speaker struct {
	m        *Model
	out      io.Writer
	err      error // of writing: nobody listens any more
	over     bool  // the user has quit
	interval time.Duration
	due      time.Time         // of the next line
	shown    uint64            // number of the last event said
	servers  map[string]spoken // what was last said of each
	asked    bool              // for a what-if, which is said when it is done
}

// say writes one line, free of anything that a terminal would obey.
func (p *speaker) say(text string) {
	if _, err := io.WriteString(p.out, format.Printable(ansi.Strip(text))+"\n"); err != nil && p.err == nil {
		p.err = fmt.Errorf("plain text: %w", err)
	}
}

// frame says what is new in a snapshot, and tells whether it was the first.
func (p *speaker) frame(f frameMsg) (first bool) {
	p.m.take(f)
	s := p.m.snap
	if s.Seq == 0 {
		return false
	}
	if first = p.servers == nil; first {
		p.servers = map[string]spoken{}
		p.say(fmt.Sprintf("slbtui, seed %d, proxy on http://%s, %d servers; type help for the commands, quit to end", s.Seed, s.Listen, len(s.Servers)))
		p.due = f.at.Add(p.interval)
	}
	if w := p.m.latest.WhatIf; p.asked && w != nil && w.State != "running" {
		p.asked = false
		p.show("whatif")
	}
	if p.m.frozen {
		return first
	}
	p.events(s.Events)
	if !f.at.Before(p.due) {
		p.due = f.at.Add(p.interval)
		p.say(p.m.sentence() + p.changes())
	}
	return first
}

// events says each event once, and how many are lost.
func (p *speaker) events(all []live.Event) {
	for i := range all {
		e := &all[i]
		if e.Number <= p.shown {
			continue
		}
		if lost := e.Number - p.shown - 1; lost > 0 {
			p.say(fmt.Sprintf("%d more events went by unseen", lost))
		}
		p.shown = e.Number
		p.say(fmt.Sprintf("%s event %d, %s: %s", format.Clock(e.At), e.Number, e.Kind, e.Text))
	}
}

// command does what a line asks for, and answers in a line; an empty one asks how things are.
func (p *speaker) command(line string) {
	p.m.take(frameMsg{at: p.m.now, snap: p.m.engine.Snapshot()}) // what the command before has brought about
	line = strings.TrimSpace(strings.TrimLeft(line, ": "))
	if c, ok := p.m.dialog().(*dialog.Confirm); ok {
		p.answer(c, strings.ToLower(line))
		return
	}
	switch word, rest, _ := strings.Cut(line, " "); word {
	case "", "status":
		p.say(p.m.sentence() + p.m.everyServer())
	case "show":
		p.show(strings.TrimSpace(rest))
	case "help", "?":
		p.help()
	default:
		do, err := p.interpret(line)
		if err != nil {
			p.say("error: " + err.Error())
			return
		}
		p.perform(do)
	}
}

// visual are the commands that change nothing but looks.
var visual = []string{"theme", "symbols", "mouse"}

func (p *speaker) interpret(line string) (deed, error) {
	v, err := findVerb(strings.Fields(line)[0])
	if err == nil && slices.Contains(visual, v.name) {
		return nil, fmt.Errorf("%s: plain text has no looks to change", v.name)
	}
	return p.m.interpret(line)
}

// perform does something, waits until it is done, and says what became of it.
func (p *speaker) perform(do deed) {
	frozen := p.m.frozen
	p.m.toast = toast{}
	p.carryOut(do(p.m))
	switch said := p.m.toast; {
	case p.over:
	case p.m.dialog() != nil:
		p.ask()
	case said.bad:
		p.say("error: " + said.text)
	case said.text != "":
		p.say("ok: " + said.text)
	case frozen:
		p.say("ok: live again")
	default:
		p.say("ok: frozen, no lines until freeze is typed again; the engine runs on")
	}
}

// carryOut runs what Bubble Tea would run, one after the other.
func (p *speaker) carryOut(cmd tea.Cmd) {
	for cmd != nil && !p.over {
		msg := cmd()
		_, p.over = msg.(tea.QuitMsg)
		_, cmd = p.m.Update(msg)
	}
}

// ask puts a dialog's question into words. Yes or no can be answered in the next line; what is chosen
// from a list is named with the command that asked.
func (p *speaker) ask() {
	switch d := p.m.dialog().(type) {
	case *dialog.Confirm:
		p.say(d.Question + " " + d.Warning + " Type yes or no.")
		return
	case *list:
		p.say(d.heading + " Type the command again with one of:")
		for _, it := range d.items {
			p.say(it.name + ": " + it.summary)
		}
	case *whatIf:
		if p.m.toast.bad {
			p.say("error: " + p.m.toast.text)
		} else {
			p.asked = true
			p.say("ok: " + p.m.toast.text)
		}
	default:
		p.say("error: this needs the screen")
	}
	for p.m.dialog() != nil {
		p.m.closeDialog()
	}
}

// answer takes yes for yes and all else for no.
func (p *speaker) answer(c *dialog.Confirm, line string) {
	p.m.closeDialog()
	if line != "yes" && line != "y" {
		p.say("ok: nothing was done")
		return
	}
	p.perform(orderOf(c.Command))
}
