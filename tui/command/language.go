// Package command has what can be commanded: the language of the command line, its box, and what single
// keys ask for. Text or a key and what is seen go in, an Act comes out: it does nothing itself, knows neither
// the program nor plain text, and has no goroutine.
package command

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"slbtui/engine/live"
	"slbtui/tui/box"
)

// Verb is a command of the command line.
type Verb struct {
	Name, args string
	Help       string                      // what it does, in a line
	do         string                      // the kind of command that it gives the engine, of live.Kinds; onlyHere for none
	most       int                         // arguments at most
	options    func(s *box.Sight) []string // completes the first argument; may be nil
	read       func(s *box.Sight, args []string) (box.Act, error)
}

// Interpret turns a line into what is to be done, or says what is wrong with it.
func Interpret(s *box.Sight, line string) (box.Act, error) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return box.Act{}, errors.New("type a command, such as slow server1 5x 20s")
	}
	v, err := Find(words[0])
	if err != nil {
		return box.Act{}, err
	}
	if v.steers() {
		if err := s.Refusal(v.Name); err != nil {
			return box.Act{}, err
		}
	}
	if len(words)-1 > v.most {
		return box.Act{}, fmt.Errorf("%s: %q is too much; usage: %s", v.Name, words[v.most+1], v.Usage())
	}
	act, err := v.read(s, words[1:])
	if err != nil {
		return box.Act{}, fmt.Errorf("%w; usage: %s", err, v.Usage())
	}
	return act, nil
}

// Usage is the command with the names of its arguments.
func (v *Verb) Usage() string { return strings.TrimSpace(v.Name + " " + v.args) }

// visual are the commands that change nothing but looks.
var visual = []string{"theme", "symbols", "mouse", "motion", "hide", "show", "tour"}

// Visual tells whether a command changes nothing but looks.
func (v *Verb) Visual() bool { return slices.Contains(visual, v.Name) }

// Find takes a name or its beginning, if no other command begins so.
func Find(word string) (*Verb, error) {
	var names []string
	all := verbs()
	for i := range all {
		names = append(names, all[i].Name)
	}
	name, err := OneOf("command", word, names, strings.HasPrefix)
	if err != nil {
		return nil, err
	}
	return &all[slices.Index(names, name)], nil
}

// OneOf finds the one among names that word is, or else that it is short for.
func OneOf(what, word string, names []string, short func(name, word string) bool) (string, error) {
	if slices.Contains(names, word) {
		return word, nil
	}
	var found []string
	for _, n := range names {
		if short(n, word) {
			found = append(found, n)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", fmt.Errorf("%s %q could be %s", what, word, some(found))
	}
	return "", fmt.Errorf("no %s %q; there is %s", what, word, some(names))
}

// some lists names, the first few of many.
func some(names []string) string {
	const few = 8
	if len(names) > few {
		return strings.Join(names[:few], ", ") + fmt.Sprintf(" and %d more", len(names)-few)
	}
	return strings.Join(names, ", ")
}

// abbreviates tells whether word is short for name: its beginning, or, as s2 for server2, the
// beginning and the number at the end.
func abbreviates(name, word string) bool {
	if strings.HasPrefix(name, word) {
		return true
	}
	head, number := splitNumber(word)
	whole, last := splitNumber(name)
	return head != "" && number != "" && number == last && strings.HasPrefix(whole, head)
}

func splitNumber(s string) (head, number string) {
	head = strings.TrimRightFunc(s, unicode.IsDigit)
	return head, s[len(head):]
}

// serverNamed finds a server by its id or short for it.
func serverNamed(s *box.Sight, word string) (string, error) {
	ids := serverIDs(s)
	if head, number := splitNumber(word); head != "" && number != "" {
		// s1 is server1 even where there is a server10.
		same := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
			_, last := splitNumber(id)
			return last != number || !abbreviates(id, word)
		})
		if len(same) == 1 {
			return same[0], nil
		}
	}
	return OneOf("server", word, ids, abbreviates)
}

func serverIDs(s *box.Sight) []string {
	var ids []string
	for i := range s.Snap.Servers {
		ids = append(ids, s.Snap.Servers[i].ID)
	}
	return ids
}

func policyNames(s *box.Sight, wanted func(live.PolicyInfo) bool) []string {
	var names []string
	for _, p := range s.Snap.Policies {
		if wanted(p) {
			names = append(names, p.Name)
		}
	}
	return names
}

// complete returns what the last word of line could become.
func complete(s *box.Sight, line string) []string {
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasSuffix(line, " ") {
		words = append(words, "")
	}
	var all []string
	switch len(words) {
	case 1:
		for _, v := range Usable(s) {
			all = append(all, v.Name)
		}
	case 2:
		if v, err := Find(words[0]); err == nil && v.options != nil {
			all = v.options(s)
		}
	}
	last := words[len(words)-1]
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !abbreviates(name, last) || name == last })
}

// commonPrefix is the longest beginning that all of names share.
func commonPrefix(names []string) string {
	prefix := names[0]
	for _, n := range names[1:] {
		for !strings.HasPrefix(n, prefix) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return prefix
}
