package cast

// The format: asciicast v3.
const (
	version = 3

	codeOutput = "o"
	codeResize = "r" // COLSxROWS
	codeExit   = "x" // the status of what was recorded
)

type header struct {
	Version   int      `json:"version"`
	Term      terminal `json:"term"`
	Timestamp int64    `json:"timestamp,omitempty"` // Unix seconds
	Title     string   `json:"title,omitempty"`
}

type terminal struct {
	Cols int    `json:"cols"`
	Rows int    `json:"rows"`
	Type string `json:"type,omitempty"`
}
