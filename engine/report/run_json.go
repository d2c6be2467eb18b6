package report

import (
	"encoding/json"
	"io"

	"slbtui/engine/summary"
)

// RunJSON writes the whole summary.
func RunJSON(w io.Writer, r summary.Run) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
