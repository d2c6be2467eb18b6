package tui

import (
	"context"
	"errors"
	"fmt"
	"os"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"slbtui/engine/live"
	"slbtui/tui/cast"
)

// Run shows the console until the user quits or ctx ends, which is no error. The terminal is
// restored on every way out; a panic comes back as an error with its stack.
func Run(ctx context.Context, e live.Engine, o Options, popts ...tea.ProgramOption) error {
	options := []tea.ProgramOption{tea.WithContext(ctx)}
	if o.NoColor || os.Getenv("NO_COLOR") != "" {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	if o.Cast != nil {
		options = append(options, tea.WithOutput(cast.NewScreen(os.Stdout, o.Cast)), tea.WithFilter(sizes(o.Cast)))
	}
	g := &guard{inner: New(e, o)}
	p := tea.NewProgram(g, append(options, popts...)...)
	over, pass := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(pass)
		passContinued(p, o.Continued, over)
	}()
	_, err := p.Run()
	close(over)
	<-pass
	switch {
	case g.crash != nil:
		return g.crash
	case err == nil, ctx.Err() != nil, errors.Is(err, tea.ErrInterrupted):
		return nil
	}
	return fmt.Errorf("console: %w", err)
}

// sizes tells a recording the size of the terminal as soon as the program knows it.
func sizes(r *cast.Recorder) func(tea.Model, tea.Msg) tea.Msg {
	return func(_ tea.Model, msg tea.Msg) tea.Msg {
		if size, ok := msg.(tea.WindowSizeMsg); ok {
			r.Resize(cast.Size{Cols: size.Width, Rows: size.Height})
		}
		return msg
	}
}

// passContinued tells the program when the process goes on, until that is over.
func passContinued(p *tea.Program, continued <-chan os.Signal, over <-chan struct{}) {
	for {
		select {
		case <-continued:
			p.Send(continuedMsg{})
		case <-over:
			return
		}
	}
}
