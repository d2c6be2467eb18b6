package simulate

import (
	"errors"
	"fmt"

	"slbtui/engine/strictyaml"
)

// problem is one with a key of a scenario, such as servers[1].sigma; the parser can tell its line.
func problem(key, format string, args ...any) error {
	return &strictyaml.Problem{Path: key, Text: fmt.Sprintf(format, args...)}
}

// under moves a problem below key.
func under(key string, err error) error {
	var inner *strictyaml.Problem
	if errors.As(err, &inner) {
		return &strictyaml.Problem{Path: strictyaml.Join(key, inner.Path), Text: inner.Text}
	}
	return &strictyaml.Problem{Path: key, Text: err.Error()}
}
