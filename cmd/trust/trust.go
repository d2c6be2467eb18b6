// Package trust says whose certificates a command believes: its flags, and what they come to.
package trust

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Flags say whose certificates are believed of an https:// target. The zero value leaves it to the system.
type Flags struct {
	Insecure bool   // believe any
	CA       string // PEM file of who signs them, empty for the system's authorities
	of       string // what names the target: --url, or URL
}

// Add gives a command --insecure and --ca; of is what names its target: --url, or URL.
func (t *Flags) Add(cmd *cobra.Command, of string) {
	t.of = of
	flags := cmd.Flags()
	flags.BoolVar(&t.Insecure, "insecure", false, "believe any certificate of the "+t.of+": only to try out")
	flags.StringVar(&t.CA, "ca", "", "PEM `FILE` of who signs the certificate of the "+t.of+" (default: the system's authorities)")
	cmd.MarkFlagsMutuallyExclusive("insecure", "ca")
}

// Config is nil where the system decides. Where no certificate is looked at, the flags are refused.
func (t Flags) Config(urls ...string) (*tls.Config, error) {
	if !t.Insecure && t.CA == "" {
		return nil, nil
	}
	if !slices.ContainsFunc(urls, IsHTTPS) {
		return nil, fmt.Errorf("--insecure and --ca: there is no certificate to believe; they are for an https:// %s", t.of)
	}
	if t.Insecure {
		return &tls.Config{InsecureSkipVerify: true}, nil // asked for in so many words
	}
	pem, err := os.ReadFile(t.CA)
	if err != nil {
		return nil, fmt.Errorf("--ca: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("--ca %s: no certificate in it; want PEM", t.CA)
	}
	return &tls.Config{RootCAs: roots}, nil
}

// IsHTTPS tells whether there is a certificate to believe.
func IsHTTPS(url string) bool { return strings.HasPrefix(strings.ToLower(url), "https://") }
