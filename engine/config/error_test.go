package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/stretchr/testify/require"

	"slbtui/engine/strictyaml"
	"slbtui/routing/policy"
)

const oneServer = "servers: [{id: a, base_delay_ms: 1}]\n"

// Every text is a user's file on top of the built-in one, every want the whole error.
func TestErrorsNameFileLineKeyAndWhatIsAllowed(t *testing.T) {
	top := strictyaml.Allowed(keysOf(reflect.TypeFor[Config]()))
	const server = "allowed: id, url, host, port, base_delay_ms, workers, sigma, weight, zone, health"
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":      {"\n\ntrafic: {}", "my.yaml:3: trafic: unknown key (" + top + "; did you mean traffic?)"},
		"unknown deep key": {"servers:\n- id: a\n  base_delay_ms: 1\n  colour: red", "my.yaml:4: servers[0].colour: unknown key (" + server + ")"},
		"duplicate key":    {"export: {dir: a,\n dir: b}", "my.yaml:2: export.dir: given twice (first on line 1)"},
		"odd key":          {"\"a\\nb\": 1", `my.yaml:1: "a\nb": unknown key (` + top + ")"},
		"mapping as key":   {"{a: b}: 1", "my.yaml:1: a mapping: unknown key (" + top + ")"},
		"list as key":      {"[a]: 1", "my.yaml:1: a list: unknown key (" + top + ")"},
		"nothing as key":   {"export: {~: 1}", "my.yaml:1: export.~: unknown key (allowed: dir)"},
		"empty key":        {"'': 1", `my.yaml:1: "": unknown key (` + top + ")"},
		"distant key":      {"colour: 1", "my.yaml:1: colour: unknown key (" + top + ")"},
		"long key":         {strings.Repeat("x", 70) + ": 1", `my.yaml:1: "` + strings.Repeat("x", 60) + `": unknown key (` + top + ")"},

		"network":          {"load_balancer:\n  trusted_proxies:\n  - 10.0.0.0/8\n  - 10.0.0.0/33", `my.yaml:4: load_balancer.trusted_proxies[1]: "10.0.0.0/33" is not a network (a CIDR such as 10.0.0.0/8, or an address)`},
		"no list":          {"load_balancer: {trusted_proxies: 10.0.0.0/8}", `my.yaml:1: load_balancer.trusted_proxies: "10.0.0.0/8" is not a list (items beginning with -)`},
		"password":         {"servers: [{id: a, url: 'http://user:sec@r/et@h:1'}]", `my.yaml:1: servers[0].url: "http://...@h:1" is not a URL of a server (http:// or https://, a host, and a path at most; or unix:/path of a socket)`},
		"bare password":    {"servers: [{id: a, url: 'user:secret@h:1'}]", `my.yaml:1: servers[0].url: "...@h:1" is not a URL of a server (http:// or https://, a host, and a path at most; or unix:/path of a socket)`},
		"target's":         {"traffic: {target_url: 'https://:secret@h'}", `my.yaml:1: traffic.target_url: "https://...@h" is not a URL ("" or http:// or https:// and a host)`},
		"at sign":          {"servers: [{id: 'a@b', url: 'http://h'}]", `my.yaml:1: servers[0].id: "a@b" is not an id (1 to 64 letters, digits, . _ - : [ ])`},
		"quoted flag":      {"admin: {allow_remote: 'true'}", `my.yaml:1: admin.allow_remote: "true" is not a yes or no (true or false; without quotes)`},
		"open admin":       {"admin: {listen: '0.0.0.0:9'}", `my.yaml:1: admin.listen: "0.0.0.0:9" is not on this machine alone (127.0.0.1, ::1, localhost or unix:/path; admin.allow_remote: true, with admin.tokens_file, lets others in)`},
		"tokenless admin":  {"admin: {listen: '0.0.0.0:9', allow_remote: true}", `my.yaml:1: admin.listen: "0.0.0.0:9" is not on this machine alone, and anybody could command (admin.tokens_file says who may; slbtui token ROLE NAME makes its lines)`},
		"half of TLS":      {"admin: {tls: {cert_file: a.pem}}", `my.yaml:1: admin.tls.cert_file: "a.pem" is alone (cert_file and key_file go together)`},
		"key alone":        {"load_balancer: {tls: {key_file: a.pem}}", `my.yaml:1: load_balancer.tls.key_file: "a.pem" is alone (cert_file and key_file go together)`},
		"half a pair":      {"load_balancer: {tls: {cert_file: a.pem}}", `my.yaml:1: load_balancer.tls.cert_file: "a.pem" is alone (cert_file and key_file go together)`},
		"port":             {"servers:\n- {id: a, base_delay_ms: 1,\n   port: 70000}", "my.yaml:3: servers[0].port: 70000 is not a port (0-65535)"},
		"text for a port":  {"load_balancer:\n  port: http", `my.yaml:2: load_balancer.port: "http" is not a port (0-65535)`},
		"quoted port":      {"load_balancer: {port: '80'}", `my.yaml:1: load_balancer.port: "80" is not a port (0-65535; without quotes)`},
		"part of a port":   {"load_balancer: {port: 80.5}", "my.yaml:1: load_balancer.port: 80.5 is not a port (0-65535)"},
		"huge number":      {"load_balancer: {port: 99999999999999999999}", "my.yaml:1: load_balancer.port: 99999999999999999999 is not a port (0-65535)"},
		"huge rate":        {"traffic: {request_rate: 1e999}", "my.yaml:1: traffic.request_rate: \"1e999\" is not a rate in requests per second (0-100000)"},
		"NaN":              {"traffic: {request_rate: .nan}", "my.yaml:1: traffic.request_rate: .nan is not a rate in requests per second (0-100000)"},
		"infinity":         {"reward: {scale: .inf}", "my.yaml:1: reward.scale: .inf is not a scale (above 0, at most 1000000000)"},
		"negative rate":    {"traffic: {request_rate: -1}", "my.yaml:1: traffic.request_rate: -1 is not a rate in requests per second (0-100000)"},
		"bare duration":    {"traffic: {timeout: 2}", "my.yaml:1: traffic.timeout: 2 is not a duration (above 0, with a unit, such as 2s or 500ms)"},
		"bad duration":     {"traffic: {timeout: 2 parsecs}", `my.yaml:1: traffic.timeout: "2 parsecs" is not a duration (above 0, with a unit, such as 2s or 500ms)`},
		"zero duration":    {"traffic: {timeout: 0s}", "my.yaml:1: traffic.timeout: 0s is not a duration (above 0, with a unit, such as 2s or 500ms)"},
		"arrivals":         {"traffic: {arrivals: bursty}", `my.yaml:1: traffic.arrivals: "bursty" is not an arrival process (poisson, constant)`},
		"number as text":   {"export: {dir: 12}", "my.yaml:1: export.dir: 12 is not a folder (not empty; put it in quotes)"},
		"empty folder":     {"export: {dir: ''}", `my.yaml:1: export.dir: "" is not a folder (not empty)`},
		"no value":         {"export: {dir: }", "my.yaml:1: export.dir: no value: it must be a folder (not empty)"},
		"gamma":            {"q_learning: {discount_factor: 1}", "my.yaml:1: q_learning.discount_factor: 1 is not a discount factor (0 to below 1)"},
		"penalty":          {"reward: {failure_penalty: 0}", "my.yaml:1: reward.failure_penalty: 0 is not a penalty (below 0, at least -1000000000)"},
		"retries":          {"retry: {on: always}", `my.yaml:1: retry.on: "always" is not a list of failures (connect, reset, timeout, 5xx, or "")`},
		"no attempt":       {"retry: {max_attempts: 0}", "my.yaml:1: retry.max_attempts: 0 is not a number of attempts (1-100)"},
		"share of outlier": {"outlier: {failure_share: 1.1}", "my.yaml:1: outlier.failure_share: 1.1 is not a share (0-1)"},
		"ejections":        {"outlier: {base_ejection: 2m}", "my.yaml:1: outlier.base_ejection: 2m0s is above outlier.max_ejection, which is 1m0s"},
		"longest ejection": {"outlier: {max_ejection: 1s}", "my.yaml:1: outlier.max_ejection: 1s is below outlier.base_ejection, which is 5s"},
		"negative limit":   {"limits: {max_in_flight: -1}", "my.yaml:1: limits.max_in_flight: -1 is not a number of requests (0-1000000)"},
		"negative window":  {"slow_start: {window: -1s}", "my.yaml:1: slow_start.window: -1s is not a duration (0s or more, with a unit, such as 2s or 500ms)"},
		"health path":      {"health: {path: health}", `my.yaml:1: health.path: "health" is not a path ("" or beginning with /)`},
		"learner":          {"load_balancer: {learner: round_robin}", `my.yaml:1: load_balancer.learner: "round_robin" is not a learner (q_learning, expected_sarsa, double_q, q_factored, q_network, dqn)`},
		"list for mapping": {"traffic: [1]", "my.yaml:1: traffic: a list is not a mapping (allowed: target_url, request_rate, duration_seconds, arrivals, max_in_flight, timeout)"},
		"mapping for list": {"servers: {id: a}", "my.yaml:1: servers: a mapping is not a list (items beginning with -)"},
		"mapping for text": {"export: {dir: {a: 1}}", "my.yaml:1: export.dir: a mapping is not a folder (not empty)"},
		"flag for text":    {"export: {dir: true}", "my.yaml:1: export.dir: true is not a folder (not empty; put it in quotes)"},
		"alias for text":   {"export: &e {dir: *e}", "my.yaml:1: export.dir: an alias (write the value itself)"},
		"long text":        {"export: {dir: \"\\n" + strings.Repeat("x", 70) + "\"}", `my.yaml:1: export.dir: "\n` + strings.Repeat("x", 59) + `" is not a folder (not empty)`},
		"list for number":  {"traffic: {request_rate: [1]}", "my.yaml:1: traffic.request_rate: a list is not a rate in requests per second (0-100000)"},

		"zero servers":     {"# none\nservers: []", "my.yaml:2: servers: 0 servers (1 or more)"},
		"servers: nothing": {"servers:", "my.yaml:1: servers: nothing is not a list (items beginning with -)"},
		"empty item":       {"servers:\n-", "my.yaml:2: servers[0]: nothing is not a mapping (" + server + ")"},
		"same id": {
			"servers:\n- {id: a, base_delay_ms: 1}\n- {id: a, base_delay_ms: 1}",
			`my.yaml:3: servers[1].id: "a" is the id of servers[0] already (each server needs its own)`,
		},
		"odd id": {"servers: [{id: a b, base_delay_ms: 1}]", `my.yaml:1: servers[0].id: "a b" is not an id (1 to 64 letters, digits, . _ - : [ ])`},
		"no delay": {
			"servers:\n- id: a",
			"my.yaml:2: servers[0].base_delay_ms: missing: it must be a mean service time in ms (above 0, at most 60000)",
		},
		"same port": {
			"servers:\n- {id: a, base_delay_ms: 1, port: 9001, host: localhost}\n- {id: b, base_delay_ms: 1, port: 9001}",
			"my.yaml:3: servers[1].port: 9001 is taken by servers[0].port (each needs its own host and port; port 0 takes a free one)",
		},
		"balancer's port": {
			"servers:\n- {id: a, base_delay_ms: 1, port: 8080, host: 0.0.0.0}",
			"my.yaml:2: servers[0].port: 8080 is taken by load_balancer.port (each needs its own host and port; port 0 takes a free one)",
		},
		"balancer on a server's port": {
			"load_balancer: {port: 8002}",
			"my.yaml:1: load_balancer.port: 8002 is taken by servers[1].port (each needs its own host and port; port 0 takes a free one)",
		},
		"same url": {
			"servers:\n- {id: a, url: 'http://h'}\n- {id: b, url: 'http://H:80/'}",
			`my.yaml:3: servers[1].url: "http://H:80/" is taken by servers[0].url (each needs its own host and port; port 0 takes a free one)`,
		},
		"url and port": {
			"servers:\n- {id: a, url: 'http://h',\n port: 0}",
			"my.yaml:3: servers[0].port: not together with url (a server with a url has id, url, weight, zone and health)",
		},
		"url scheme": {
			"servers: [{id: a, url: 'ftp://h'}]",
			`my.yaml:1: servers[0].url: "ftp://h" is not a URL of a server (http:// or https://, a host, and a path at most; or unix:/path of a socket)`,
		},
		"thresholds": {
			"state_encoding:\n  cpu_thresholds: {low: 60,\n   medium: 40}",
			"my.yaml:3: state_encoding.cpu_thresholds.medium: 40 is below state_encoding.cpu_thresholds.low, which is 60",
		},
		"latency range": {
			"reward: {max_latency_ms: 0}",
			"my.yaml:1: reward.max_latency_ms: 0 is not above reward.min_latency_ms, which is 0",
		},

		"empty file":       {"", "my.yaml:1: no settings in it (" + top + ")"},
		"only comments":    {"# a\n# b\n", "my.yaml:1: no settings in it (" + top + ")"},
		"null":             {"~", "my.yaml:1: no settings in it (" + top + ")"},
		"scalar root":      {"hello", `my.yaml:1: "hello" is not a mapping (` + top + ")"},
		"list root":        {"- a", "my.yaml:1: a list is not a mapping (" + top + ")"},
		"two documents":    {oneServer + "---\nexport: {dir: a}", "my.yaml:2: a second YAML document (one per file)"},
		"alias":            {"servers:\n- &a {id: a, base_delay_ms: 1}\n- *a", "my.yaml:3: servers[1]: an alias (write the value itself)"},
		"syntax":           {"export:\n  dir: a: b", "my.yaml:2: not YAML: mapping values are not allowed in this context"},
		"not text":         {"\xff\xfe\xff", "my.yaml:1: not YAML: incomplete UTF-16 character"},
		"custom tag":       {"export: {dir: !secret x}", "my.yaml:1: export.dir: x is not a folder (not empty; put it in quotes)"},
		"lying tag":        {"load_balancer: {port: !!int x}", "my.yaml:1: load_balancer.port: x is not a port (0-65535)"},
		"escape in a text": {`export: {dir: "a\e[2J"}`, `my.yaml:1: export.dir: "a\x1b[2J" is not a folder (not empty)`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mine(t, c.text)
			require.EqualError(t, err, c.want)
		})
	}
}

// Whatever the key, a value of the wrong kind is answered by what it must be and what is allowed. After a
// change that is meant: go test ./engine -run TestEveryKeySaysWhatItTakes -update
func TestEveryKeySaysWhatItTakes(t *testing.T) {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(rules())) {
		text, parts := "[1]", strings.Split(key, ".")
		for _, part := range slices.Backward(parts) {
			if name, list := strings.CutSuffix(part, "[]"); list {
				text = "{" + name + ": [" + text + "]}"
			} else {
				text = "{" + part + ": " + text + "}"
			}
		}
		_, err := mine(t, text)
		require.Error(t, err, text)
		path, said := strings.ReplaceAll(key, "[]", "[0]"), false
		for line := range strings.Lines(err.Error()) { // a server has more that is missing
			if strings.HasPrefix(line, "my.yaml:1: "+path+": ") {
				b.WriteString(strings.TrimSuffix(line, "\n") + "\n")
				said = true
			}
		}
		require.True(t, said, "%s: %v", text, err)
	}
	golden.RequireEqual(t, []byte(b.String()))
}

func TestUnknownPolicyIsToldInTheWordsOfTheRegistry(t *testing.T) {
	_, err := mine(t, "load_balancer: {policy: nobody}")
	require.EqualError(t, err, "my.yaml:1: load_balancer.policy: "+policy.Options{}.Check("nobody").Error())
	_, err = mine(t, "load_balancer: {learner: round_robin}")
	require.EqualError(t, err, "my.yaml:1: load_balancer.learner: "+policy.CheckLearner("round_robin").Error())
}

func TestAllProblemsAreReportedInOrder(t *testing.T) {
	_, err := Load(shippedSource(t),
		Source{Name: "a.yaml", Data: []byte("traffic:\n  request_rate: -1\n  rate: 2\n  timeout: 5\nservers:\n- {id: 7, port: x}\n")},
		Source{Name: "b.yaml", Data: []byte("exprt: {}\nhealth: {rise: 0}\n")})
	require.Error(t, err)
	var got []string
	for line := range strings.Lines(err.Error()) {
		place, _, _ := strings.Cut(line, " ")
		key, _, _ := strings.Cut(line[len(place)+1:], ": ")
		got = append(got, place+" "+key)
	}
	require.Equal(t, []string{
		"a.yaml:2: traffic.request_rate", "a.yaml:3: traffic.rate", "a.yaml:4: traffic.timeout",
		"a.yaml:6: servers[0].id", "a.yaml:6: servers[0].port", "a.yaml:6: servers[0].base_delay_ms",
		"b.yaml:1: exprt", "b.yaml:2: health.rise",
	}, got)
}

func TestALongReportEnds(t *testing.T) {
	_, err := mine(t, strings.Repeat("x: 1\n", 100))
	require.Len(t, strings.Split(err.Error(), "\n"), maxProblems+1)
	require.ErrorContains(t, err, "\nand 80 more problems")
}

func TestWildcardsTakeThePortOnEveryHost(t *testing.T) {
	for _, hosts := range [][2]string{{"0.0.0.0", "127.0.0.1"}, {"127.0.0.1", "0.0.0.0"}, {"::", "0.0.0.0"}, {"LocalHost", "127.0.0.1"}} {
		c := Default()
		c.Servers[1].Host, c.Servers[2].Host, c.Servers[2].Port = hosts[0], hosts[1], c.Servers[1].Port
		require.EqualError(t, c.Validate(), "servers[2].port: 8002 is taken by servers[1].port (each needs its own host and port; port 0 takes a free one)", hosts)
	}
	c := Default()
	c.Servers[1].Host, c.Servers[2].Host, c.Servers[2].Port = "127.0.0.2", "127.0.0.3", c.Servers[1].Port
	require.NoError(t, c.Validate())
	c.Servers[0].Port, c.Servers[1].Port, c.Servers[2].Port, c.LoadBalancer.Port = 0, 0, 0, 0
	require.NoError(t, c.Validate(), "0 takes a free one each")
}

func TestValidateOfConfigsMadeByHand(t *testing.T) {
	c := Default()
	c.Servers = []Server{{ID: "a", URL: "http://127.0.0.1:8080", Weight: 1}}
	require.NoError(t, c.Validate(), "serve --listen may move the balancer away from it")
	c.Servers = append(c.Servers, Server{ID: "b", URL: "http://h", Weight: 1, Workers: 3})
	require.EqualError(t, c.Validate(), "servers[1].workers: not together with url (a server with a url has id, url, weight, zone and health)")
	require.Error(t, Config{}.Validate())
}
