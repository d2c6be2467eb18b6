package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"slbtui/engine/strictyaml"
)

// maxProblems bounds a report: nobody mends more at once.
const maxProblems = 20

// problem is one thing wrong with the configuration.
type problem struct {
	source             int // index among the sources of Load
	name               string
	strictyaml.Problem     // its line is 0 when no file set it
	column             int // from 1; 0 when it is about the whole value
}

func (p problem) Error() string {
	s := p.Problem.Error()
	switch {
	case p.Line > 0 && p.column > 0:
		s = fmt.Sprintf("%s:%d:%d: %s", p.name, p.Line, p.column, s)
	case p.Line > 0:
		s = fmt.Sprintf("%s:%d: %s", p.name, p.Line, s)
	}
	return s
}

// joinProblems makes problems to one error of a line each, by source and line; nil when there are none.
func joinProblems(problems []problem) error {
	slices.SortStableFunc(problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.Line, b.Line))
	})
	more := len(problems) - maxProblems
	var errs []error
	for _, p := range problems[:min(len(problems), maxProblems)] {
		errs = append(errs, p)
	}
	if more > 0 {
		errs = append(errs, fmt.Errorf("and %d more problems", more))
	}
	return errors.Join(errs...)
}
