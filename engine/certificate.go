package engine

import (
	"context"
	"time"

	"slbtui/engine/live"
)

const filePeriod = time.Second // how often files are looked at for changes

// watchCertificate asks for the certificate to be read again when its files have changed.
func (e *Engine) watchCertificate(ctx context.Context) error {
	ticker := time.NewTicker(filePeriod)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = e.Do(ctx, live.RefreshCertificate{}) // its failure is an event
		case <-ctx.Done():
			return nil
		}
	}
}

func (e *Engine) refreshCertificate() error {
	if e.cert == nil || !e.cert.Changed() {
		return nil
	}
	if err := e.cert.Use(e.cfg.LoadBalancer.TLS); err != nil {
		e.journal.Event("warning", "the certificate of before is kept: "+err.Error())
		return err
	}
	e.journal.Event("config", "new certificate from "+e.cfg.LoadBalancer.TLS.CertFile)
	return nil
}
