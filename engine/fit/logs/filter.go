package logs

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Filter says which requests are kept: those that fit one of each kind that is asked for.
type Filter struct {
	Paths    []string // that they begin with
	Methods  []string
	Statuses []string // that the client got: 200, 5xx or 200-299
}

// keeper is a filter ready to be asked.
type keeper struct {
	paths, methods [][]byte
	statuses       [][2]int64
}

func newKeeper(f Filter) (k keeper, err error) {
	for _, p := range f.Paths {
		if !strings.HasPrefix(p, "/") {
			return k, fmt.Errorf("--path %.60q: want the beginning of a path, such as /api/", p)
		}
		k.paths = append(k.paths, []byte(p))
	}
	for _, m := range f.Methods {
		if m == "" || strings.ContainsAny(m, " \"/") {
			return k, fmt.Errorf("--method %.60q: want a method, such as GET", m)
		}
		k.methods = append(k.methods, []byte(strings.ToUpper(m)))
	}
	for _, s := range f.Statuses {
		between, err := statuses(s)
		if err != nil {
			return k, err
		}
		k.statuses = append(k.statuses, between)
	}
	return k, nil
}

// statuses reads 200, 5xx or 200-299.
func statuses(text string) (between [2]int64, err error) {
	low, high, both := strings.Cut(text, "-")
	if class, ok := strings.CutSuffix(strings.ToLower(text), "xx"); ok && len(class) == 1 {
		low, high, both = class+"00", class+"99", true
	}
	if !both {
		high = low
	}
	a, err1 := strconv.Atoi(low)
	b, err2 := strconv.Atoi(high)
	if err1 != nil || err2 != nil || a < 0 || b > 999 || a > b {
		return between, fmt.Errorf("--status %.60q: want a status such as 200, 5xx or 200-299", text)
	}
	return [2]int64{int64(a), int64(b)}, nil
}

// keeps tells whether a request is wanted.
func (k keeper) keeps(e *entry) bool {
	has := func(all [][]byte, fits func([]byte) bool) bool {
		return len(all) == 0 || slices.ContainsFunc(all, fits)
	}
	return has(k.paths, func(p []byte) bool { return bytes.HasPrefix(e.path, p) }) &&
		has(k.methods, func(m []byte) bool { return bytes.Equal(e.method, m) }) &&
		(len(k.statuses) == 0 || slices.ContainsFunc(k.statuses, func(s [2]int64) bool { return e.status >= s[0] && e.status <= s[1] }))
}
