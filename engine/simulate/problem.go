package simulate

import (
	"errors"
	"fmt"
)

// keyError is a problem with one key of a scenario, so that the parser can tell its line.
type keyError struct {
	key  string // path such as servers[1].sigma
	text string
}

func (e *keyError) Error() string { return e.key + ": " + e.text }

func problem(key, format string, args ...any) error {
	return &keyError{key, fmt.Sprintf(format, args...)}
}

// under moves a problem below key.
func under(key string, err error) error {
	var inner *keyError
	if errors.As(err, &inner) {
		return &keyError{key + "." + inner.key, inner.text}
	}
	return &keyError{key, err.Error()}
}
