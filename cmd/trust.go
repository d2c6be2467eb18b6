package cmd

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// trust says whose certificates are believed of an https:// target.
type trust struct {
	insecure bool
	ca       string
}

func (t *trust) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&t.insecure, "insecure", false, "believe any certificate of the --url: only to try out")
	flags.StringVar(&t.ca, "ca", "", "PEM `FILE` of who signs the certificate of the --url (default: the system's authorities)")
	cmd.MarkFlagsMutuallyExclusive("insecure", "ca")
}

// config is nil where the system decides. Where no certificate is looked at, the flags are refused.
func (t trust) config(url string) (*tls.Config, error) {
	if !t.insecure && t.ca == "" {
		return nil, nil
	}
	if !strings.HasPrefix(strings.ToLower(url), "https://") {
		return nil, fmt.Errorf("--insecure and --ca: there is no certificate to believe; they are for an https:// --url")
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
