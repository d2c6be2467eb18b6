package plain

import (
	"errors"
	"fmt"
	"strings"

	"slbtui/engine/live"
	"slbtui/tui/box"
	"slbtui/tui/command"
	"slbtui/tui/dialog"
	"slbtui/tui/orders"
	"slbtui/tui/words"
)

// command does what a line asks for, and answers in a line; an empty one asks how things are.
func (p *speaker) command(line string) {
	p.take(p.engine.Snapshot()) // what the command before has brought about
	line = strings.TrimSpace(strings.TrimLeft(line, ": "))
	if p.question != nil {
		p.answer(strings.ToLower(line))
		return
	}
	switch word, rest, _ := strings.Cut(line, " "); word {
	case "", "status":
		p.say(sentence(&p.sight) + everyServer(p.sight.Snap))
	case "show":
		p.show(strings.TrimSpace(rest))
	case "help", "?":
		p.help()
	default:
		act, err := p.interpret(line)
		if err != nil {
			p.fail(err)
			return
		}
		p.perform(act)
	}
}

func (p *speaker) interpret(line string) (box.Act, error) {
	v, err := command.Find(strings.Fields(line)[0])
	if err == nil && v.Visual() {
		return box.Act{}, fmt.Errorf("%s: plain text has no looks to change", v.Name)
	}
	return command.Interpret(&p.sight, line)
}

// perform carries out an Act, waits until it is done, and says what became of it.
func (p *speaker) perform(a box.Act) {
	said := a.Say
	if a.Command != nil {
		var err error
		if said, err = p.order(a.Command); err != nil {
			p.fail(err)
			return
		}
	}
	switch {
	case a.Bad:
		p.fail(errors.New(said))
	case a.Open != nil:
		p.open(a.Open, said)
	case said != "":
		p.done(said)
	default:
		p.do(a.Do)
	}
}

// order has the engine carry out a command, and puts its answer into words.
func (p *speaker) order(cmd live.Command) (string, error) {
	if err := command.Refused(&p.sight, cmd); err != nil {
		return "", err
	}
	a := orders.Send(p.engine, p.orders.Add(cmd))
	p.orders.Answered(a, p.sight.Latest.Seq) // nothing waits: one is done before the next is read
	if a.Err != nil {
		return "", errors.New(words.NotDone(cmd, a.Err))
	}
	return words.Done(p.sight.Snap, cmd, a.Routes), nil
}

func (p *speaker) do(d box.Deed) {
	switch d {
	case box.Quit:
		p.over = true
	case box.Help:
		p.help()
	case box.Freeze:
		p.freeze()
	}
}

func (p *speaker) freeze() {
	if p.frozen = !p.frozen; p.frozen {
		p.done("frozen, no lines until freeze is typed again; the engine runs on")
		return
	}
	p.take(nil)
	p.done("live again")
}

func (p *speaker) done(what string) { p.say("ok: " + p.sight.Theme.Words(what)) }

func (p *speaker) fail(err error) { p.say("error: " + p.sight.Theme.Words(err.Error())) }

// open puts a dialog's question into words. Yes or no can be answered in the next line; what is chosen
// from a list is named with the command that asked.
func (p *speaker) open(b box.Box, said string) {
	switch d := b.(type) {
	case *dialog.Confirm:
		p.question = d
		p.say(d.Question + " " + d.Warning + " Type yes or no.")
	case *dialog.List:
		p.say(d.Heading + " Type the command again with one of:")
		for _, it := range d.Items {
			p.say(it.Name + ": " + it.Summary)
		}
	case *dialog.Balancers:
		p.show("balancers")
	case *dialog.WhatIf:
		p.asked = viewOf(d.Time)
		p.done(said)
	default:
		p.fail(errors.New("this needs the screen"))
	}
}

// answer takes yes for yes and all else for no.
func (p *speaker) answer(line string) {
	c := p.question
	p.question = nil
	if line != "yes" && line != "y" {
		p.done("nothing was done")
		return
	}
	p.perform(box.Act{Command: c.Command})
}
