package http1

import (
	"errors"
	"os"
)

// StaleError is a kept connection that the server ended after a request had left on it and before it said
// a word: it may have hung up just then, and know nothing of the request.
type StaleError struct{ Err error }

// Error implements error.
func (e *StaleError) Error() string { return "kept connection: " + e.Err.Error() }

// Unwrap returns how it ended.
func (e *StaleError) Unwrap() error { return e.Err }

// Stale tells whether err is a StaleError.
func Stale(err error) bool {
	if err == nil {
		return false
	}
	var stale *StaleError
	return errors.As(err, &stale)
}

// ended tells what the end of an exchange by err means for its request: nothing, when the server cannot have
// seen any of it; then it may go over another connection.
func (c *Conn) ended(err error) (unseen bool, why error) {
	switch {
	case !c.kept || c.heard || os.IsTimeout(err):
		return false, err
	case !c.sent:
		return true, nil
	}
	return false, &StaleError{err}
}
