package report

import (
	"encoding/json"
	"io"
)

// RunJSON writes the whole summary.
func RunJSON(w io.Writer, r Run) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
