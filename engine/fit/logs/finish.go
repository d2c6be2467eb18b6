package logs

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"slbtui/engine/fit"
	"slbtui/engine/printable"
)

// log is what was read, in order.
func (r *reading) log() (*fit.Log, error) {
	switch {
	case r.understood == 0 && r.not == 0:
		return nil, errors.New("there is no line in the log")
	case r.not > r.understood:
		return nil, r.hopeless()
	case r.requests.len() == 0 && r.filtered > 0:
		return nil, fmt.Errorf("--path, --method or --status leave none of the %d requests", r.filtered)
	case r.requests.len() == 0:
		return nil, fmt.Errorf("%d lines of %s, and no server in any; the balancer should log\n%s", r.understood, r.format.name, r.format.advice)
	}
	requests := r.requests.all()
	if r.format.spread != nil {
		r.format.spread(requests)
	}
	pool, others, err := r.pool()
	if err != nil {
		return nil, err
	}
	l := &fit.Log{
		Format: r.format.name, Resolution: r.format.resolution, Requests: requests,
		NotUnderstood: r.not, FirstProblem: printable.Line(r.problem), Unserved: r.unserved, Upgraded: r.upgraded, Filtered: r.filtered, Held: r.held, Retried: r.retried,
		OtherPools: others, Balancers: 1,
	}
	if err := r.tellBalancers(l); err != nil {
		return nil, err
	}
	if r.policies == 1 {
		l.Policy = printable.Line(r.policy)
	}
	r.arrange(l, pool)
	return l, nil
}

// pool is the group of servers that is wanted, and the names of the others.
func (r *reading) pool() (name string, others []string, err error) {
	size := map[string]int{}
	for _, p := range r.names {
		size[p.pool] += p.requests
	}
	names := make([]string, 0, len(size))
	for p := range size {
		names = append(names, p)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(size[b]-size[a], strings.Compare(a, b)) })
	name = names[0]
	if r.options.Pool != "" {
		if name = r.options.Pool; size[name] == 0 {
			return "", nil, fmt.Errorf("--pool %.60s: the log has %.300s", name, strings.Join(names, ", "))
		}
	}
	return name, slices.DeleteFunc(names, func(p string) bool { return p == name }), nil
}

// arrange leaves what belongs to the pool, by the time it was handed over, and its servers by address.
func (r *reading) arrange(l *fit.Log, pool string) {
	var order []int
	for i, p := range r.names {
		if p.pool == pool {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return byAddress(r.names[a].id, r.names[b].id) })
	place := make([]int32, len(r.names))
	for i := range place {
		place[i] = -1
	}
	for to, from := range order {
		place[from] = int32(to)
		l.Servers = append(l.Servers, r.names[from].id)
	}
	l.Requests = slices.DeleteFunc(l.Requests, func(q fit.Request) bool { return place[q.Server] < 0 })
	for i := range l.Requests {
		l.Requests[i].Server = place[l.Requests[i].Server]
	}
	slices.SortStableFunc(l.Requests, func(a, b fit.Request) int { return cmp.Compare(a.Start, b.Start) })
}

// byAddress compares addresses as such, and names so that app2 comes before app10.
func byAddress(a, b string) int {
	x, err1 := netip.ParseAddrPort(a)
	y, err2 := netip.ParseAddrPort(b)
	if err1 == nil && err2 == nil {
		return x.Compare(y)
	}
	for a != "" && b != "" {
		n, m := leadingDigits(a), leadingDigits(b)
		if n > 0 && m > 0 {
			x, y := strings.TrimLeft(a[:n], "0"), strings.TrimLeft(b[:m], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[n:], b[m:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// leadingDigits is how many digits s begins with.
func leadingDigits(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
