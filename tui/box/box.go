// Package box is the one face of panes and dialogs: what they see (Sight), what they hand back (Act), and
// what many of them need to scroll, to filter and to remember. A box owns what it shows: its scroll, its
// filter, its cursor. It never sees the program or a neighbour, and no box starts a goroutine: all methods
// are called from Bubble Tea's one loop, or from that of plain text.
//
// A pane is drawn again only if its Sight or its size has changed, or if it was pressed, clicked or
// filtered since; dialogs are drawn with every frame. So Draw may depend on nothing else, but for the room
// that it remembers for scrolling.
//
// To write a pane: a file in tui/pane with a struct that is a Box (and Filterer, Clicker, Keyed where it has
// more), a line in tui/panes.go, and its place in tui/layout.go. To write a dialog: a file in tui/dialog with
// a struct that is a Box; whoever opens it hands back Act{Open: ...}. A dialog stands over panes and knows
// none; a pane opens what is behind it, so that pane imports dialog and the program doesn't ask which pane
// has the focus.
package box

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
)

// Box is a pane, or a dialog over the panes.
type Box interface {
	// Title stands in the upper edge.
	Title(s *Sight) string
	// Draw is the inside. A pane has w x h cells: what is more is cut off, what is less is filled up. A
	// dialog is as large as its lines, at most w x h. aside stands at the right of the upper edge; dialogs have none.
	Draw(s *Sight, w, h int) (aside string, lines []string)
	// Press takes a key while the box has the focus: a pane those for moving and enter, a dialog all but esc
	// and ctrl+c. A pane that makes nothing of enter is given the screen.
	Press(s *Sight, k tea.KeyPressMsg) Act
}

// Filterer is a pane that can show only what contains a text.
type Filterer interface {
	Box
	// Filter is that text, "" when all is shown.
	Filter() string
	// SetFilter shows what contains text, from the beginning.
	SetFilter(s *Sight, text string) Act
}

// Clicker is a pane in which something can be selected with the mouse.
type Clicker interface {
	// Click is at column x of line y of the inside, which is w x h cells.
	Click(s *Sight, x, y, w, h int) Act
}

// Mover is a pane in which something moves by itself, with Sight.Moment, and which is so drawn anew with
// every frame.
type Mover interface{ Moves() }

// Keyed is a pane with keys of its own, pressed wherever the focus is. Help and footer read them.
type Keyed interface{ Keys() []Key }

// Key is a key of a pane, the group of the key map under which help shows it, and the word that the footer
// has for it; without one it is not in the footer.
type Key struct {
	key.Binding
	Group, Word string
}

// Paster is a dialog that text can be pasted into.
type Paster interface {
	Paste(s *Sight, text string) Act
}

// Canceller is a dialog that esc does not only close.
type Canceller interface{ Cancel(s *Sight) Act }

// Liner is a dialog that is one line, w cells wide, in the footer's place.
type Liner interface {
	Line(s *Sight, w int) string
}

// Act is what a box wants done: a value, carried out by the program or by plain text, in the order of
// its fields. The zero value is nothing.
type Act struct {
	Close   bool         // the dialog itself
	Select  string       // the id of a server
	Open    Box          // a dialog
	Keep    Preference   // takes a value
	Say     string       // in the footer's place
	Bad     bool         // what is said is a complaint
	Do      Deed         // of the program
	Command live.Command // for the engine, which is asked only when that is allowed
}

// Complain is an Act that says why nothing is done.
func Complain(text string) Act { return Act{Say: text, Bad: true} }

// Nothing tells whether there is nothing to do.
func (a *Act) Nothing() bool { return *a == Act{} }

// Preference is something about the looks, and its value. The program makes it so, if the box that names
// it has not, and remembers it.
type Preference struct{ Name, Value string }

// Deed is what only the program can do.
type Deed int

// The deeds.
const (
	None   Deed = iota
	Quit        // ends the console
	Freeze      // holds the view still, or ends that
	Help        // opens the help
)
