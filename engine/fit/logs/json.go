package logs

import (
	"encoding/json"
	"fmt"
	"time"
)

// object reads a line that is one JSON object.
func object(line []byte, to any) error {
	if len(line) == 0 || line[0] != '{' {
		return errOther
	}
	if err := json.Unmarshal(line, to); err != nil {
		return fmt.Errorf("damaged: %w", err)
	}
	return nil
}

// span is a number of units as a duration; false for what no request takes.
func span(n float64, unit time.Duration) (time.Duration, bool) {
	d := n * float64(unit)
	return time.Duration(d), d >= 0 && d <= float64(longest)
}

// moment reads seconds since 1970, or a stamp in quotes.
func moment(raw json.RawMessage) (time.Duration, bool) {
	if len(raw) > 2 && raw[0] == '"' {
		return iso(raw[1 : len(raw)-1])
	}
	return seconds(raw)
}
