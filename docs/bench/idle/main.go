// Command idle opens connections to a proxy, sends one request over each, and keeps them open and
// silent until its time is up: what idle clients cost.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"
)

func main() {
	address := flag.String("address", "127.0.0.1:8080", "of the proxy")
	number := flag.Int("connections", 10_000, "to open")
	lasts := flag.Duration("for", 5*time.Second, "to keep them open, once all are")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := idle(ctx, *address, *number, *lasts); err != nil {
		fmt.Fprintln(os.Stderr, "idle:", err)
		os.Exit(1)
	}
}

func idle(ctx context.Context, address string, number int, lasts time.Duration) error {
	var dialer net.Dialer
	for i := range number {
		c, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			return fmt.Errorf("open connection %d to %s: %w; ulimit -n bounds how many there can be", i+1, address, err)
		}
		defer func() { _ = c.Close() }()
		if _, err := fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", address); err != nil {
			return fmt.Errorf("send over connection %d: %w", i+1, err)
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			return fmt.Errorf("answer over connection %d: %w", i+1, err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return fmt.Errorf("answer over connection %d: %w", i+1, err)
		}
	}
	fmt.Println(number, "connections are open")
	select {
	case <-time.After(lasts):
	case <-ctx.Done():
	}
	return nil
}
