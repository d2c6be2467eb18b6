package logs

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"slbtui/engine/fit"
)

// mostBalancers side by side is what virtual time knows.
const mostBalancers = 64

// rotated is what a rotation puts behind a name, and who packs it.
var rotated = regexp.MustCompile(`(\.[0-9]{1,8}|-[0-9]{8})?(\.gz)?$`)

// balancerOf is the name of who wrote a file.
func balancerOf(template, file string) string {
	name := rotated.ReplaceAllString(filepath.Base(file), "")
	return strings.NewReplacer("{file}", name, "{folder}", filepath.Dir(file)).Replace(template)
}

// begin says which file comes next.
func (r *reading) begin(file string) error {
	name := file
	if t := r.options.Balancer; t != "" {
		if name = balancerOf(t, file); name == t && len(r.extents) == 0 && !strings.ContainsAny(t, "{}") {
			return fmt.Errorf("--balancer-of %.60q: want {file} or {folder} in it", t)
		}
	}
	i := slices.Index(r.balancers, name)
	if i < 0 {
		i = len(r.balancers)
		r.balancers = append(r.balancers, name)
	}
	if i >= 1<<16 {
		return fmt.Errorf("%s: more than %d files", file, 1<<16)
	}
	r.balancer = uint16(i)
	r.extents = append(r.extents, extent{})
	return nil
}

// tellBalancers says how many wrote the log, and leaves it to requests which one it was.
func (r *reading) tellBalancers(l *fit.Log) error {
	if r.options.Balancer != "" || r.interleaved() {
		l.Balancers = len(r.balancers)
	}
	if l.Balancers > mostBalancers {
		return fmt.Errorf("%d balancers are more than %d; --balancer-of says which files are of one", l.Balancers, mostBalancers)
	}
	if l.Balancers == 1 {
		for i := range l.Requests {
			l.Requests[i].Balancer = 0
		}
	}
	return nil
}

// interleaved tells whether files are of the same time.
func (r *reading) interleaved() bool {
	x := slices.Clone(r.extents)
	slices.SortFunc(x, func(a, b extent) int { return cmp.Compare(a.first, b.first) })
	for i := 1; i < len(x); i++ {
		if x[i].first < x[i-1].last-time.Second {
			return true
		}
	}
	return false
}
