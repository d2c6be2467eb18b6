package score

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// value is a part of an expression: exactly one of its functions is set.
type value struct {
	number func(*sight) float64
	truth  func(*sight) bool
	text   func(*sight) string
}

func number(f func(*sight) float64) value { return value{number: f} }
func truth(f func(*sight) bool) value     { return value{truth: f} }
func text(f func(*sight) string) value    { return value{text: f} }

// kind is what it is, for people.
func (v value) kind() string {
	switch {
	case v.number != nil:
		return "a number"
	case v.truth != nil:
		return "true or false"
	default:
		return "a text"
	}
}

func (c *compiler) value(n ast.Node) (value, error) {
	// A short text may have many parts: the tree has the left side of ?: and the middle of a < b < c twice.
	if c.parts++; c.parts > MaxLength {
		return value{}, c.fail(n, "too many parts (at most %d)", MaxLength)
	}
	switch n := n.(type) {
	case *ast.IntegerNode:
		return constant(float64(n.Value)), nil
	case *ast.FloatNode:
		return constant(n.Value), nil
	case *ast.BoolNode:
		return truth(func(*sight) bool { return n.Value }), nil
	case *ast.StringNode:
		return text(func(*sight) string { return n.Value }), nil
	case *ast.IdentifierNode:
		return c.variable(n)
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.CallNode:
		return c.call(n)
	case *ast.BuiltinNode:
		return value{}, c.fail(n, "there is no function %s (%s)", n.Name, functionNames())
	}
	return value{}, c.fail(n, "this is not for scores: they have numbers, variables, + - * / **, comparisons, and, or, not, ? : and %s", functionNames())
}

func constant(x float64) value { return number(func(*sight) float64 { return x }) }

// number is the value of a node that must be one.
func (c *compiler) number(n ast.Node) (func(*sight) float64, error) {
	v, err := c.value(n)
	if err == nil && v.number == nil {
		err = c.fail(n, "%s where a number is needed", v.kind())
	}
	return v.number, err
}

func (c *compiler) truth(n ast.Node) (func(*sight) bool, error) {
	v, err := c.value(n)
	if err == nil && v.truth == nil {
		err = c.fail(n, "%s where true or false is needed", v.kind())
	}
	return v.truth, err
}

func (c *compiler) variable(n *ast.IdentifierNode) (value, error) {
	names := make([]string, len(variables))
	for i, v := range variables {
		if names[i] = v.Name; v.Name == n.Value {
			c.read[v.Name] = true
			return v.read, nil
		}
	}
	return value{}, c.fail(n, "there is no variable %.60s (%s)", n.Value, strings.Join(names, ", "))
}

func (c *compiler) unary(n *ast.UnaryNode) (value, error) {
	if n.Operator == "not" || n.Operator == "!" {
		x, err := c.truth(n.Node)
		return truth(func(s *sight) bool { return !x(s) }), err
	}
	x, err := c.number(n.Node)
	if n.Operator == "-" {
		return number(func(s *sight) float64 { return -x(s) }), err
	}
	return number(x), err
}

func (c *compiler) conditional(n *ast.ConditionalNode) (value, error) {
	when, err := c.truth(n.Cond)
	if err != nil {
		return value{}, err
	}
	a, err := c.value(n.Exp1)
	if err != nil {
		return value{}, err
	}
	b, err := c.value(n.Exp2)
	if err != nil {
		return value{}, err
	}
	if a.kind() != b.kind() {
		return value{}, c.fail(n.Exp2, "%s where the other case is %s", b.kind(), a.kind())
	}
	return choose(when, a, b), nil
}

func choose(when func(*sight) bool, a, b value) value {
	switch {
	case a.number != nil:
		return number(func(s *sight) float64 {
			if when(s) {
				return a.number(s)
			}
			return b.number(s)
		})
	case a.truth != nil:
		return truth(func(s *sight) bool {
			if when(s) {
				return a.truth(s)
			}
			return b.truth(s)
		})
	default:
		return text(func(s *sight) string {
			if when(s) {
				return a.text(s)
			}
			return b.text(s)
		})
	}
}

func (c *compiler) call(n *ast.CallNode) (value, error) {
	name, _ := n.Callee.(*ast.IdentifierNode)
	i := slices.IndexFunc(functions, func(f function) bool { return name != nil && f.name == name.Value })
	if i < 0 {
		return value{}, c.fail(n, "there is no such function (%s)", functionNames())
	}
	f := functions[i]
	if len(n.Arguments) < f.fewest || f.most > 0 && len(n.Arguments) > f.most {
		return value{}, c.fail(n, "%d arguments for %s", len(n.Arguments), f.form)
	}
	args := make([]func(*sight) float64, len(n.Arguments))
	for i, a := range n.Arguments {
		var err error
		if args[i], err = c.number(a); err != nil {
			return value{}, err
		}
	}
	if f.one != nil {
		x := args[0]
		return number(func(s *sight) float64 { return f.one(x(s)) }), nil
	}
	return number(func(s *sight) float64 {
		x := args[0](s)
		for _, a := range args[1:] {
			x = f.of(x, a(s))
		}
		return x
	}), nil
}

func functionNames() string {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.name
	}
	return strings.Join(names, ", ")
}
