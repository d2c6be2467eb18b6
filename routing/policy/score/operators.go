package score

import (
	"math"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// Operators lists those that an expression may use. The slice is the caller's.
func Operators() []Form {
	return []Form{
		{"+ - * / **", "of numbers; ** is a power"},
		{"< <= > >= == !=", "compare numbers; == and != also the rest"},
		{"and or not", "of what is true or false"},
		{"a ? b : c", "b where a is true, else c"},
		{"startsWith endsWith contains", "of texts, such as id startsWith \"eu-\""},
	}
}

// binary is an operation on two numbers, two truths or two texts.
func (c *compiler) binary(n *ast.BinaryNode) (value, error) {
	a, err := c.value(n.Left)
	if err != nil {
		return value{}, err
	}
	b, err := c.value(n.Right)
	if err != nil {
		return value{}, err
	}
	v, ok := value{}, false
	switch {
	case a.number != nil && b.number != nil:
		v, ok = ofNumbers(n.Operator, a.number, b.number)
	case a.truth != nil && b.truth != nil:
		v, ok = ofTruths(n.Operator, a.truth, b.truth)
	case a.text != nil && b.text != nil:
		v, ok = ofTexts(n.Operator, a.text, b.text)
	}
	if !ok {
		return v, c.fail(n, "%s is not for %s and %s", n.Operator, a.kind(), b.kind())
	}
	return v, nil
}

func ofNumbers(operator string, a, b func(*sight) float64) (v value, ok bool) {
	switch operator {
	case "+":
		return number(func(s *sight) float64 { return a(s) + b(s) }), true
	case "-":
		return number(func(s *sight) float64 { return a(s) - b(s) }), true
	case "*":
		return number(func(s *sight) float64 { return a(s) * b(s) }), true
	case "/":
		return number(func(s *sight) float64 { return a(s) / b(s) }), true
	case "**", "^":
		return number(func(s *sight) float64 { return math.Pow(a(s), b(s)) }), true
	case "<":
		return truth(func(s *sight) bool { return a(s) < b(s) }), true
	case "<=":
		return truth(func(s *sight) bool { return a(s) <= b(s) }), true
	case ">":
		return truth(func(s *sight) bool { return a(s) > b(s) }), true
	case ">=":
		return truth(func(s *sight) bool { return a(s) >= b(s) }), true
	case "==":
		return truth(func(s *sight) bool { return a(s) == b(s) }), true
	case "!=":
		return truth(func(s *sight) bool { return a(s) != b(s) }), true
	}
	return value{}, false
}

func ofTruths(operator string, a, b func(*sight) bool) (v value, ok bool) {
	switch operator {
	case "and", "&&":
		return truth(func(s *sight) bool { return a(s) && b(s) }), true
	case "or", "||":
		return truth(func(s *sight) bool { return a(s) || b(s) }), true
	case "==":
		return truth(func(s *sight) bool { return a(s) == b(s) }), true
	case "!=":
		return truth(func(s *sight) bool { return a(s) != b(s) }), true
	}
	return value{}, false
}

func ofTexts(operator string, a, b func(*sight) string) (v value, ok bool) {
	switch operator {
	case "==":
		return truth(func(s *sight) bool { return a(s) == b(s) }), true
	case "!=":
		return truth(func(s *sight) bool { return a(s) != b(s) }), true
	case "startsWith":
		return truth(func(s *sight) bool { return strings.HasPrefix(a(s), b(s)) }), true
	case "endsWith":
		return truth(func(s *sight) bool { return strings.HasSuffix(a(s), b(s)) }), true
	case "contains":
		return truth(func(s *sight) bool { return strings.Contains(a(s), b(s)) }), true
	}
	return value{}, false
}
