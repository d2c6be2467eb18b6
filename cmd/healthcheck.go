package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"slbtui/cmd/trust"

	"github.com/spf13/cobra"
)

func healthcheckCommand(g *globals) *cobra.Command {
	timeout, t := 3*time.Second, trust.Flags{}
	cmd := &cobra.Command{
		Use:   "healthcheck URL",
		Short: "Ask a balancer for its health, for containers and supervisors",
		Long: `Send one GET to the URL and exit with 0 if the answer is 2xx, else with 1 and a line that says why.
An image that holds nothing but this program has no curl; this is what its health check runs.`,
		Example: `slbtui healthcheck http://127.0.0.1:8080/health
slbtui healthcheck unix:/run/slbtui/admin.sock    # asks for /healthz there`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if timeout <= 0 {
				return usageError{fmt.Errorf("--timeout %s: must be above 0", timeout)}
			}
			target, transport, err := healthTarget(args[0])
			if err != nil {
				return usageError{err}
			}
			if transport.TLSClientConfig, err = t.Config(args[0]); err != nil {
				return usageError{err}
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			return askHealth(ctx, &http.Client{Transport: transport}, target, args[0])
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", timeout, "`TIME` that the answer may take")
	t.Add(cmd, "URL")
	g.ignores(cmd, "config", "duration", "learned", "seed")
	return cmd
}

// healthTarget returns what is asked for, and the way there.
func healthTarget(where string) (string, *http.Transport, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	if path, ok := strings.CutPrefix(where, "unix:"); ok {
		transport.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		}
		return "http://localhost/healthz", transport, nil
	}
	u, err := url.Parse(where)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", nil, fmt.Errorf("%q is no URL: give http://HOST:PORT/PATH, https://... or unix:/PATH", where)
	}
	return where, transport, nil
}

func askHealth(ctx context.Context, client *http.Client, target, where string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return usageError{err}
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("no answer from %s: %w", where, errors.Unwrap(err))
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode/100 != 2 {
		body, _ := io.ReadAll(io.LimitReader(response.Body, 200)) // what it says, if it says something
		return fmt.Errorf("%s is not well: %s %s", where, response.Status, strings.TrimSpace(string(body)))
	}
	return nil
}
