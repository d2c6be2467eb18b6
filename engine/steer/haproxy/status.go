package haproxy

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// MaxServers is how many servers of a backend are looked at.
const MaxServers = 1000

// Process is one HAProxy process: another after each reload.
type Process struct {
	PID     int
	Version string
	Uptime  int // s
}

// Server is one server of a backend, as HAProxy says.
type Server struct {
	Name, Addr string
	Status     string // UP, DOWN, MAINT, DRAIN, NOLB, no check, and UP 1/3 on its way
	Weight     int    // as set: 0-256
	Initial    int    // as configured
	MaxConn    int    // 0 is no limit
	Current    int    // requests it has in flight
	Queued     int    // that wait for it in HAProxy
}

// Takes tells whether HAProxy gives it requests, but for its weight.
func (s Server) Takes() bool {
	return s.Status == "no check" || strings.HasPrefix(s.Status, "UP") || s.Status == "DRAIN" && s.Weight == 0
}

// Process tells which one is asked.
func (a API) Process(ctx context.Context) (Process, error) {
	answer, err := a.Ask(ctx, "show info")
	if err != nil {
		return Process{}, err
	}
	p, haproxy := Process{}, false
	for line := range strings.Lines(answer) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "Name":
			haproxy = true
		case "Version":
			p.Version = short(value)
		case "Pid":
			p.PID, _ = strconv.Atoi(value) // 0 is that of none
		case "Uptime_sec":
			p.Uptime, _ = strconv.Atoi(value)
		}
	}
	if !haproxy || p.PID <= 0 {
		return Process{}, fmt.Errorf("what is at %s is no HAProxy: it answers \"show info\" with %q", a.address, short(answer))
	}
	return p, nil
}

// errNoBackend is that of an answer without the backend.
var errNoBackend = errors.New("no such backend")

// Servers are those of a backend, in HAProxy's order.
func (a API) Servers(ctx context.Context, backend string) ([]Server, error) {
	const servers = 4 // the type, of: 1 frontends, 2 backends, 4 servers
	answer, err := a.Ask(ctx, fmt.Sprintf("show stat %s %d -1", backend, servers))
	if err != nil {
		return nil, err
	}
	found, err := parseStat(answer, backend)
	if errors.Is(err, errNoBackend) {
		return nil, a.noBackend(ctx, backend)
	}
	if err != nil {
		return nil, fmt.Errorf("HAProxy at %s: %w", a.address, err)
	}
	state, err := a.Ask(ctx, "show servers state "+backend)
	if err != nil {
		return nil, err
	}
	initial := parseState(state)
	for i := range found {
		found[i].Initial = found[i].Weight
		if w, ok := initial[found[i].Name]; ok {
			found[i].Initial = w
		}
	}
	return found, nil
}

// CheckBalance fails where a backend chooses without weights, as far as HAProxy tells how it does.
func (a API) CheckBalance(ctx context.Context, backend string) error {
	const backends = 2 // the type, as in Servers
	answer, err := a.Ask(ctx, fmt.Sprintf("show stat %s %d -1", backend, backends))
	if err != nil {
		return err
	}
	head, row, _ := strings.Cut(answer, "\n")
	values := strings.Split(row, ",")
	for i, name := range strings.Split(head, ",") {
		if name != "algo" || i >= len(values) {
			continue
		}
		if algo := short(values[i]); algo == "static-rr" || algo == "first" {
			return fmt.Errorf("backend %s has balance %s, which takes no new weights while it runs; %s", backend, algo, balances)
		}
	}
	return nil
}

// noBackend names the backends that there are.
func (a API) noBackend(ctx context.Context, backend string) error {
	text := fmt.Sprintf("HAProxy at %s has no backend %q with servers", a.address, backend)
	answer, err := a.Ask(ctx, "show backend")
	if err != nil {
		return errors.New(text)
	}
	var names []string
	for line := range strings.Lines(answer) {
		if name := strings.TrimSpace(line); name != "" && name[0] != '#' && len(names) < 20 {
			names = append(names, short(name))
		}
	}
	return fmt.Errorf("%s; it has %s", text, strings.Join(names, ", "))
}

// parseStat reads the table of "show stat", by the names of its columns: each version has more of them.
func parseStat(answer, backend string) ([]Server, error) {
	if strings.HasPrefix(answer, "No such proxy") {
		return nil, errNoBackend
	}
	if !strings.HasPrefix(answer, "# ") {
		return nil, fmt.Errorf("\"show stat\" is answered with %q, which is no table", short(answer))
	}
	table := csv.NewReader(strings.NewReader(answer[2:]))
	table.FieldsPerRecord, table.LazyQuotes = -1, true
	head, err := table.Read()
	if err != nil {
		return nil, fmt.Errorf("\"show stat\" has no head: %w", err)
	}
	column := map[string]int{}
	for i, name := range head {
		column[name] = i
	}
	for _, name := range []string{"pxname", "svname", "status", "weight"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("\"show stat\" has no column %q", name)
		}
	}
	var found []Server
	for {
		row, err := table.Read()
		if err != nil {
			break // the end, or what is no row
		}
		text := func(name string) string {
			if i, ok := column[name]; ok && i < len(row) {
				return row[i]
			}
			return ""
		}
		number := func(name string) int {
			n, err := strconv.Atoi(text(name))
			if err != nil || n < 0 {
				return 0
			}
			return n
		}
		name := text("svname")
		if text("pxname") != backend || name == "" || name == "BACKEND" || name == "FRONTEND" || !plain(name) {
			continue
		}
		s := Server{
			Name: name, Addr: short(text("addr")), Status: short(text("status")),
			Weight: number("weight"), MaxConn: number("slim"), Current: number("scur"), Queued: number("qcur"),
		}
		if text("uweight") != "" { // weight is the effective one, which slow start lowers
			s.Weight = number("uweight")
		}
		if found = append(found, s); len(found) == MaxServers {
			break
		}
	}
	if len(found) == 0 {
		return nil, errNoBackend
	}
	return found, nil
}

// parseState reads the configured weights of "show servers state".
func parseState(answer string) map[string]int {
	initial := map[string]int{}
	name, weight := -1, -1
	for line := range strings.Lines(answer) {
		words := strings.Fields(line)
		if len(words) > 0 && words[0] == "#" {
			for i, word := range words[1:] {
				switch word {
				case "srv_name":
					name = i
				case "srv_iweight":
					weight = i
				}
			}
			continue
		}
		if name < 0 || weight < 0 || len(words) <= max(name, weight) {
			continue
		}
		if w, err := strconv.Atoi(words[weight]); err == nil && w >= 0 && len(initial) < MaxServers {
			initial[words[name]] = w
		}
	}
	return initial
}

// plain tells whether a name may stand in a command: HAProxy's own names have these characters only.
func plain(name string) bool {
	return name != "" && len(name) <= 255 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:") == ""
}

// CheckName fails for what is no name of a backend.
func CheckName(name string) error {
	if !plain(name) {
		return fmt.Errorf("%.60q is no name of a backend (letters, digits, and - _ . :)", name)
	}
	return nil
}
