package cmd

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slbtui/cmd/terminal"
	"slbtui/engine/printable"
	"slbtui/tui"
	"slbtui/tui/command"
	"slbtui/tui/plain"
	"slbtui/tui/preferences"
	"slbtui/tui/words"
)

// check allows the values that the console knows.
func (f *consoleFlags) check() error {
	given := map[string]string{"theme": f.theme, "symbols": f.symbols}
	for _, p := range tui.Preferences() {
		if v := given[p.Name]; v != "" && !slices.Contains(p.Values, v) {
			return fmt.Errorf("--%s %q: must be one of %s", p.Name, v, strings.Join(p.Values, ", "))
		}
	}
	if _, err := f.hidden(); err != nil {
		return err
	}
	if f.interval < plain.MinInterval || f.interval > plain.MaxInterval {
		return fmt.Errorf("--interval %v: must be %v-%v", f.interval, plain.MinInterval, plain.MaxInterval)
	}
	return nil
}

// fits refuses flags of another face than the one that is shown.
func (f *consoleFlags) fits(shown face, given func(flag string) bool) error {
	if len(f.failIf) > 0 && shown != faceHeadless {
		return errors.New("--fail-if: is for runs that nobody watches; add --no-tui")
	}
	if given("interval") && shown != facePlain {
		return errors.New("--interval: is the time between two lines of --plain; add --plain, or leave it out")
	}
	if f.cast != "" && shown == faceHeadless {
		return errors.New("--cast: records the console, and this run has none; add --plain, or leave it out")
	}
	for _, flag := range []string{"symbols", "theme", "no-mouse", "no-motion", "hide", "no-preferences"} {
		if given(flag) && f.noTUI {
			return fmt.Errorf("--%s: is for the console, and --no-tui leaves that out", flag)
		}
	}
	return nil
}

// looks are what the console starts with: flags, else the user's preferences, else the defaults. save
// writes what is left to write at the end; it has a deadline, for the disk may be gone.
func (f *consoleFlags) looks(cmd *cobra.Command) (o tui.Options, save func()) {
	o = tui.Options{
		Symbols: f.symbols, Theme: f.theme, NoMouse: f.noMouse, ReadOnly: f.readOnly, NoShell: terminal.NoShell(), Continued: terminal.Continued(),
	}
	o.Hidden, _ = f.hidden()                                     // check has said what is wrong with it
	o.NoMotion = f.noMotion || os.Getenv("SSH_CONNECTION") != "" // every change has to travel
	save = func() {}
	if !f.noPreferences {
		save = f.remembered(cmd, &o)
	}
	if o.Symbols == "" {
		var why string
		if o.Symbols, why = terminal.Symbols(os.Getenv); why != "" {
			o.Notices = append(o.Notices, why)
		}
	}
	return o, save
}

// remembered takes over the user's preferences, and keeps what becomes of them.
func (f *consoleFlags) remembered(cmd *cobra.Command, o *tui.Options) (save func()) {
	complain := func(err error) { _, _ = fmt.Fprintf(cmd.ErrOrStderr(), "slbtui: %s\n", printable.Lines(err.Error())) }
	path, err := preferences.Path()
	if err != nil {
		complain(err)
		return func() {}
	}
	file, err := preferences.Open(path, tui.Preferences())
	if err != nil {
		complain(fmt.Errorf("%w; defaults are used", err))
		o.Notices = append(o.Notices, homely(err.Error())+"; defaults are used")
	}
	f.prefer(o, cmd.Flags().Changed, file.Values())
	o.Tour = o.Tour && err == nil // who has a file, whatever is in it, has been here before
	o.Keeper = file
	return func() {
		saved := make(chan error, 1)
		go func() { saved <- file.Save() }()
		select {
		case err := <-saved:
			if err != nil {
				complain(err)
			}
		case <-time.After(printDeadline):
		}
	}
}

// prefer takes over preferences where no flag was given.
func (f *consoleFlags) prefer(o *tui.Options, given func(flag string) bool, preferred map[string]string) {
	if v, ok := preferred["theme"]; ok && !given("theme") {
		o.Theme = v
	}
	if v, ok := preferred["symbols"]; ok && !given("symbols") {
		o.Symbols = v
	}
	if v, ok := preferred["mouse"]; ok && !given("no-mouse") {
		o.NoMouse = v == "off"
	}
	if v, ok := preferred["motion"]; ok && !given("no-motion") {
		o.NoMotion = v == "off"
	} else if o.NoMotion && !given("no-motion") {
		o.Notices = append(o.Notices, "over ssh nothing moves by itself; :motion on changes that")
	}
	if v, ok := preferred["hide"]; ok && !given("hide") {
		o.Hidden = v
	}
	o.Tour = len(preferred) == 0 || preferred["tour"] == "on" // the first start, or it was asked for
	o.Window, o.Chart, o.Table, o.Sort, o.Order = preferred["window"], preferred["chart"], preferred["table"], preferred["sort"], preferred["order"]
}

// hidden are the names of the panes that --hide leaves out, parted by blanks.
func (f *consoleFlags) hidden() (string, error) {
	var names []string
	for _, word := range f.hide {
		name, err := command.Pane(strings.TrimSpace(word))
		if err != nil {
			return "", fmt.Errorf("--hide: %w", err)
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if !slices.ContainsFunc(words.Panes(), func(p string) bool { return p != words.Fleet && !slices.Contains(names, p) }) {
		return "", errors.New("--hide: one pane has to stay")
	}
	return strings.Join(names, " "), nil
}

// homely writes the user's own folder as ~: a line of the screen is short.
func homely(text string) string {
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		return strings.ReplaceAll(text, home, "~")
	}
	return text
}
