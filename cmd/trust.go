package cmd

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// trust says whose certificates are believed of an https:// target.
type trust struct {
	of       string // what names the target: --url, or URL
	insecure bool
	ca       string
}

func (t *trust) flags(cmd *cobra.Command, of string) {
	t.of = of
	flags := cmd.Flags()
	flags.BoolVar(&t.insecure, "insecure", false, "believe any certificate of the "+t.of+": only to try out")
	flags.StringVar(&t.ca, "ca", "", "PEM `FILE` of who signs the certificate of the "+t.of+" (default: the system's authorities)")
	cmd.MarkFlagsMutuallyExclusive("insecure", "ca")
}

// config is nil where the system decides. Where no certificate is looked at, the flags are refused.
func (t trust) config(urls ...string) (*tls.Config, error) {
	if !t.insecure && t.ca == "" {
		return nil, nil
	}
	if !slices.ContainsFunc(urls, isHTTPS) {
		return nil, fmt.Errorf("--insecure and --ca: there is no certificate to believe; they are for an https:// %s", t.of)
	}
	if t.insecure {
		return &tls.Config{InsecureSkipVerify: true}, nil // asked for in so many words
	}
	pem, err := os.ReadFile(t.ca)
	if err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("--ca %s: no certificate in it; want PEM", t.ca)
	}
	return &tls.Config{RootCAs: roots}, nil
}

func isHTTPS(url string) bool { return strings.HasPrefix(strings.ToLower(url), "https://") }
