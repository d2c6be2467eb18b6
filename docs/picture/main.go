// Command picture draws a recording of the console as an SVG that moves: each piece of text is in it once, with the
// times at which it is seen. Where motion is not wanted (prefers-reduced-motion) it is one still.
//
//	docs/picture/record docs/picture/demo.cast       takes the recording anew
//	go run ./docs/picture docs/picture/demo.cast > docs/demo.svg
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"slbtui/tui/cast"
)

const (
	maxPicture = 300_000 // bytes that a page may be made to load

	everyDefault = 500 * time.Millisecond
	stillDefault = 18 * time.Second // RL routes around the slow server
)

func main() {
	every := flag.Duration("every", everyDefault, "`TIME` between two frames")
	still := flag.Duration("still", stillDefault, "`TIME` of the frame that is seen where nothing may move")
	flag.Parse()
	if flag.NArg() != 1 || *every <= 0 {
		fmt.Fprintln(os.Stderr, "usage: go run ./docs/picture [--every TIME] [--still TIME] CAST > FILE.svg")
		os.Exit(2)
	}
	picture, err := draw(flag.Arg(0), *every, *still)
	if err == nil {
		_, err = io.WriteString(os.Stdout, picture)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "picture:", err)
		os.Exit(1)
	}
}

// draw is the picture of the recording at path.
func draw(path string, every, still time.Duration) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	size, events, err := cast.Read(file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	frames := play(size, events, every)
	if len(frames) == 0 {
		return "", fmt.Errorf("%s: no full screen is shown for as long as %v", path, every)
	}
	picture := svg(size, splice(frames), len(frames), min(int(still/every), len(frames)-1), every)
	if len(picture) > maxPicture {
		return "", fmt.Errorf("%s: the picture has %d bytes, %d are allowed: take fewer frames with --every", path, len(picture), maxPicture)
	}
	return picture, nil
}
