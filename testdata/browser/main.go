// Command browser opens HTML reports in Chromium as their readers do, on a phone and on a desk, by day and by night:
//
//	go run . REPORT.html...
//
// It fails where the console has an error, where something is wider than the window, or where a picture is missing
// or empty. --shots FOLDER keeps what it saw.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// view is a window, and what its owner likes.
type view struct {
	name          string
	width, height int64
	phone         bool
	scheme        string
}

var views = []view{
	{"phone light", 360, 740, true, "light"},
	{"phone dark", 360, 740, true, "dark"},
	{"desktop light", 1280, 900, false, "light"},
	{"desktop dark", 1280, 900, false, "dark"},
}

const patience = 2 * time.Minute // of a busy machine, for one page

func main() {
	shots := flag.String("shots", "", "`FOLDER` for a picture of each page")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: browser [--shots FOLDER] REPORT.html...")
		os.Exit(2)
	}
	faults, err := look(flag.Args(), *shots)
	for _, f := range faults {
		fmt.Println(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
	}
	if err != nil || len(faults) > 0 {
		os.Exit(1)
	}
	fmt.Printf("%d reports in %d views: no error, nothing cut off, all pictures there\n", flag.NArg(), len(views))
}

// look opens every page in every view; faults are lines about what is wrong with them.
func look(paths []string, shots string) (faults []string, err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox) // our own files, and CI has no user namespaces
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	browser, leave := chromedp.NewContext(allocator)
	defer leave()
	if err := chromedp.Do(browser); err != nil { // it starts
		return nil, err
	}
	for _, path := range paths {
		path, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		for _, v := range views {
			found, picture, err := v.open(browser, (&url.URL{Scheme: "file", Path: path}).String())
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", path, v.name, err)
			}
			for _, f := range found {
				faults = append(faults, fmt.Sprintf("%s, %s: %s", path, v.name, f))
			}
			if shots != "" {
				name := strings.ReplaceAll(fmt.Sprintf("%s-%s.png", filepath.Base(filepath.Dir(path)), v.name), " ", "-")
				if err := os.WriteFile(filepath.Join(shots, name), picture, 0o644); err != nil {
					return nil, err
				}
			}
		}
	}
	return faults, nil
}

// inspect is run in the page, and returns what is wrong with it.
//
//go:embed inspect.js
var inspect string

const end = "the inspection has ended" // what inspect says last on the console

// open says what is wrong with the page in this view, and has a picture of all of it.
func (v view) open(browser context.Context, page string) (faults []string, picture []byte, err error) {
	tab, leave := chromedp.NewContext(browser)
	defer leave()
	tab, cancel := context.WithTimeout(tab, patience)
	defer cancel()
	size := []chromedp.EmulateViewportOption{chromedp.EmulateScale(1)}
	if v.phone {
		size = append(size, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	said := chromedp.Console(tab)
	if err := chromedp.Do(tab, chromedp.EmulateViewport(v.width, v.height, size...), v.likes(), chromedp.Navigate(page)); err != nil {
		return nil, nil, err
	}
	if faults, err = chromedp.Run(tab, chromedp.Evaluate[[]string](inspect)); err != nil {
		return nil, nil, err
	}
	for line, err := range said {
		if err != nil {
			return nil, nil, err
		}
		if line.Text == end {
			break
		}
		if line.IsException() || line.Type == "error" || line.Type == "assert" {
			faults = append(faults, "console: "+line.String())
		}
	}
	picture, err = chromedp.Run(tab, chromedp.FullScreenshot(100))
	return faults, picture, err
}

// likes tells pages which colours are liked.
func (v view) likes() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}},
		})
		return err
	})
}
