package tui

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"slbtui/engine/live"
)

// deed is what a line of the command line comes to.
type deed func(*Model) tea.Cmd

// verb is a command of the command line.
type verb struct {
	name, args, help string
	most             int                     // arguments at most
	options          func(m *Model) []string // completes the first argument; may be nil
	read             func(m *Model, args []string) (deed, error)
}

// interpret turns a line into what is to be done, or says what is wrong with it.
func (m *Model) interpret(line string) (deed, error) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return nil, fmt.Errorf("type a command, such as slow server1 5x 20s")
	}
	v, err := findVerb(words[0])
	if err != nil {
		return nil, err
	}
	if err := m.refusal(v.steers(), v.name); err != nil {
		return nil, err
	}
	if len(words)-1 > v.most {
		return nil, fmt.Errorf("%s: %q is too much; usage: %s", v.name, words[v.most+1], v.usage())
	}
	do, err := v.read(m, words[1:])
	if err != nil {
		return nil, fmt.Errorf("%w; usage: %s", err, v.usage())
	}
	return do, nil
}

func (v *verb) usage() string { return strings.TrimSpace(v.name + " " + v.args) }

// findVerb takes a name or its beginning, if no other command begins so.
func findVerb(word string) (*verb, error) {
	name, err := oneOf("command", word, verbNames(), strings.HasPrefix)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(verbs(), func(v verb) bool { return v.name == name })
	return &verbs()[i], nil
}

func verbNames() []string {
	var names []string
	for _, v := range verbs() {
		names = append(names, v.name)
	}
	return names
}

// oneOf finds the one among names that word is, or else that it is short for.
func oneOf(what, word string, names []string, short func(name, word string) bool) (string, error) {
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
func (m *Model) serverNamed(word string) (string, error) {
	ids := m.serverIDs()
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
	return oneOf("server", word, ids, abbreviates)
}

func (m *Model) serverIDs() []string {
	var ids []string
	for i := range m.snap.Servers {
		ids = append(ids, m.snap.Servers[i].ID)
	}
	return ids
}

func (m *Model) policyNames(wanted func(live.PolicyInfo) bool) []string {
	var names []string
	for _, p := range m.snap.Policies {
		if wanted(p) {
			names = append(names, p.Name)
		}
	}
	return names
}

// complete returns what the last word of line could become.
func (m *Model) complete(line string) []string {
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasSuffix(line, " ") {
		words = append(words, "")
	}
	var all []string
	switch len(words) {
	case 1:
		for _, v := range m.usableVerbs() {
			all = append(all, v.name)
		}
	case 2:
		if v, err := findVerb(words[0]); err == nil && v.options != nil {
			all = v.options(m)
		}
	}
	last := words[len(words)-1]
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return !abbreviates(s, last) || s == last })
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
