// Package haproxytest is a HAProxy for tests: it speaks as much of the Runtime API as steering needs, in the words of
// version 2.6. Its goroutines end with the test.
package haproxytest

import (
	"bufio"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Server is one of the backend.
type Server struct {
	Name             string
	Weight, Initial  int
	MaxConn, Current int
	Status           string // "" is UP
}

// Fake is the HAProxy. It is safe for concurrent use.
type Fake struct {
	Path    string // of its socket
	Backend string

	mu       sync.Mutex
	pid      int
	uptime   int
	servers  []Server
	user     bool // its socket has not the level admin
	static   bool // its balance takes no weights
	commands []string
	answers  map[string]string // instead of its own
}

// Start runs one until the test ends.
func Start(t *testing.T, backend string, servers ...Server) *Fake {
	f := &Fake{Path: filepath.Join(t.TempDir(), "s"), Backend: backend, pid: 100, uptime: 50, servers: servers, answers: map[string]string{}}
	l, err := net.Listen("unix", f.Path)
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { f.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		serving.Wait()
	})
	return f
}

func (f *Fake) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	line, err := bufio.NewReader(c).ReadString('\n')
	if err == nil {
		_, _ = fmt.Fprintf(c, "%s\n\n", f.answer(strings.TrimSpace(line)))
	}
}

// Change is carried out between two commands.
func (f *Fake) Change(change func(f *Fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// Demote takes the right to change things from the socket.
func (f *Fake) Demote() { f.Change(func(f *Fake) { f.user = true }) }

// Static gives the backend a balance that takes no weights.
func (f *Fake) Static() { f.Change(func(f *Fake) { f.static = true }) }

// Says is what a command is answered with from now on.
func (f *Fake) Says(command, answer string) { f.Change(func(f *Fake) { f.answers[command] = answer }) }

// Reload makes it another process, with the weights of its configuration.
func (f *Fake) Reload() {
	f.Change(func(f *Fake) {
		f.pid, f.uptime = f.pid+1, 0
		for i := range f.servers {
			f.servers[i].Weight, f.servers[i].MaxConn = f.servers[i].Initial, 0
		}
	})
}

// Weights are those of now, in order.
func (f *Fake) Weights() (weights []int) {
	f.Change(func(f *Fake) {
		for _, s := range f.servers {
			weights = append(weights, s.Weight)
		}
	})
	return weights
}

// MaxConns are those of now, in order.
func (f *Fake) MaxConns() (most []int) {
	f.Change(func(f *Fake) {
		for _, s := range f.servers {
			most = append(most, s.MaxConn)
		}
	})
	return most
}

// Changes are the commands so far that would change something.
func (f *Fake) Changes() (changes []string) {
	f.Change(func(f *Fake) {
		for _, c := range f.commands {
			if strings.HasPrefix(c, "set ") {
				changes = append(changes, c)
			}
		}
	})
	return changes
}

func (f *Fake) answer(command string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.commands = append(f.commands, command)
	if answer, ok := f.answers[command]; ok {
		return answer
	}
	words := strings.Fields(command)
	switch {
	case command == "show info":
		return fmt.Sprintf("Name: HAProxy\nVersion: 2.6.12\nPid: %d\nUptime_sec: %d", f.pid, f.uptime)
	case command == "show backend":
		return "# name\n" + f.Backend + "\nother"
	case command == "show stat "+f.Backend+" 4 -1":
		return f.stat()
	case command == "show stat "+f.Backend+" 2 -1":
		algo := "leastconn"
		if f.static {
			algo = "static-rr"
		}
		return "# pxname,svname,algo,\n" + f.Backend + ",BACKEND," + algo + ","
	case strings.HasPrefix(command, "show stat "):
		return "No such proxy."
	case command == "show servers state "+f.Backend:
		return f.state()
	case len(words) == 5 && words[0] == "set" && words[1] == "server" && words[3] == "weight":
		return f.set(words[2], words[4], func(s *Server, n int) string {
			switch {
			case n < 0 || n > 256:
				return "Absolute weight can only be between 0 and 256 inclusive."
			case f.static:
				return "Backend is using a static LB algorithm and only accepts weights '0%' and '100%'."
			}
			s.Weight = n
			return ""
		})
	case len(words) == 5 && words[0] == "set" && words[1] == "maxconn" && words[2] == "server":
		return f.set(words[3], words[4], func(s *Server, n int) string {
			s.MaxConn = n
			return ""
		})
	}
	return "Unknown command: '" + command + "'."
}

func (f *Fake) set(name, value string, set func(*Server, int) string) string {
	if f.user {
		return "Permission denied"
	}
	n, err := strconv.Atoi(value)
	for i := range f.servers {
		if s := &f.servers[i]; f.Backend+"/"+s.Name == name && err == nil {
			return set(s, n)
		}
	}
	return "No such server."
}

func (f *Fake) stat() string {
	var b strings.Builder
	b.WriteString("# pxname,svname,qcur,scur,slim,status,weight,addr,uweight,\n")
	for _, s := range f.servers {
		status, limit := s.Status, ""
		switch {
		case s.Weight == 0:
			status = "DRAIN"
		case status == "":
			status = "UP"
		}
		if s.MaxConn > 0 {
			limit = strconv.Itoa(s.MaxConn)
		}
		fmt.Fprintf(&b, "%s,%s,0,%d,%s,%s,%d,127.0.0.1:80,%d,\n", f.Backend, s.Name, s.Current, limit, status, s.Weight, s.Weight)
	}
	return b.String()
}

func (f *Fake) state() string {
	var b strings.Builder
	b.WriteString("1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight\n")
	for i, s := range f.servers {
		fmt.Fprintf(&b, "3 %s %d %s 127.0.0.1 2 0 %d %d\n", f.Backend, i+1, s.Name, s.Weight, s.Initial)
	}
	return b.String()
}
