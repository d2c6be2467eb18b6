package main

import (
	"cmp"
	"image/color"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"

	"slbtui/tui/cast"
)

// look is how a piece of text looks. A colour that is "" is the terminal's.
type look struct {
	fg, bg                 string
	bold, faint, underline bool
}

// piece is a text of one look, somewhere in a row.
type piece struct {
	x, y, width int // cells
	text        string
	look        look
}

// shot is a piece and the frames in which it is seen, in order.
type shot struct {
	piece
	frames []int
}

// play lets a terminal of that size show the events, and takes a frame of it every so often while a program has the
// whole screen.
func play(size cast.Size, events []cast.Event, every time.Duration) [][]piece {
	screen := vt.NewEmulator(size.Cols, size.Rows)
	answered := make(chan struct{})
	go func() { // what the terminal would answer to questions: nobody waits for it
		defer close(answered)
		_, _ = io.Copy(io.Discard, screen)
	}()
	var frames [][]piece
	next := time.Duration(0)
	for _, e := range events {
		for ; next < e.At; next += every {
			if screen.IsAltScreen() {
				frames = append(frames, pieces(screen, size))
			} else {
				next = e.At
			}
		}
		if e.Text == "" {
			screen.Resize(e.Size.Cols, e.Size.Rows)
			continue
		}
		_, _ = screen.WriteString(e.Text)
	}
	_ = screen.InputPipe().(io.Closer).Close() // its own Close would race with who reads
	<-answered
	return frames
}

// pieces cuts a screen into pieces: where the look changes, and where two blanks or more are between words, so that
// what changes does not take along what stays.
func pieces(screen *vt.Emulator, size cast.Size) []piece {
	var all []piece
	for y := range size.Rows {
		for x := 0; x < size.Cols; {
			p := piece{x: x, y: y, look: lookOf(screen.CellAt(x, y))}
			for x < size.Cols {
				c := screen.CellAt(x, y)
				if lookOf(c) != p.look {
					break
				}
				text, width := " ", 1
				if c != nil && c.Content != "" {
					text, width = c.Content, max(1, c.Width)
				}
				p.text += text
				p.width += width
				x += width
				if p.look.bg == "" && strings.HasSuffix(p.text, "  ") {
					break
				}
			}
			if p.look.bg == "" {
				p = p.trimmed()
			}
			if p.text != "" {
				all = append(all, p)
			}
		}
	}
	return all
}

// trimmed is the piece without the blanks around it, which nobody sees.
func (p piece) trimmed() piece {
	left := strings.TrimLeft(p.text, " ")
	p.x += len(p.text) - len(left)
	text := strings.TrimRight(left, " ")
	p.width -= len(p.text) - len(text)
	p.text = text
	return p
}

// splice gathers the frames in which each piece is seen. The order is that of the rows, so that a picture of the same
// recording is the same.
func splice(frames [][]piece) []shot {
	seen := map[piece][]int{}
	for i, frame := range frames {
		for _, p := range frame {
			seen[p] = append(seen[p], i)
		}
	}
	var shots []shot
	for _, p := range slices.SortedFunc(maps.Keys(seen), func(a, b piece) int {
		return cmp.Or(a.y-b.y, a.x-b.x, seen[a][0]-seen[b][0])
	}) {
		shots = append(shots, shot{p, seen[p]})
	}
	return shots
}

func lookOf(c *uv.Cell) look {
	if c == nil {
		return look{}
	}
	l := look{
		fg: hexOf(c.Style.Fg), bg: hexOf(c.Style.Bg),
		bold: c.Style.Attrs&uv.AttrBold != 0, faint: c.Style.Attrs&uv.AttrFaint != 0, underline: c.Style.Underline != 0,
	}
	if c.Style.Attrs&uv.AttrReverse != 0 {
		l.fg, l.bg = cmp.Or(l.bg, background), cmp.Or(l.fg, foreground)
	}
	return l
}

func hexOf(c color.Color) string {
	if c == nil {
		return ""
	}
	r, g, b, _ := c.RGBA()
	const digits = "0123456789abcdef"
	hex := []byte{'#'}
	for _, v := range []uint32{r >> 8, g >> 8, b >> 8} {
		hex = append(hex, digits[v>>4], digits[v&15])
	}
	return string(hex)
}
