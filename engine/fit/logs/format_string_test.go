package logs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/fit"
)

const haproxyDefault = `%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs %{+Q}r`

// A format string that says what a built-in format is reads the same of its lines.
func TestTheBalancersOwnFormatStrings(t *testing.T) {
	for name, text := range map[string]string{
		"haproxy":       haproxyDefault,
		"nginx":         `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" msec=$msec rt=$request_time ua="$upstream_addr" us="$upstream_status" uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time"`,
		"nginx-seconds": `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ${request_time} $upstream_response_time $upstream_addr`,
	} {
		lines := written(name, day(240))
		want, got := read(t, Options{}, lines), read(t, Options{String: text}, lines)
		require.Zero(t, got.NotUnderstood, "%s: %s", name, got.FirstProblem)
		require.Equal(t, want, got, name)
	}
}

func TestFormatStrings(t *testing.T) {
	at := time.Duration(time.Date(2026, 11, 27, 9, 30, 0, 0, time.UTC).UnixNano())
	ms := time.Millisecond
	for _, c := range []struct {
		text, line     string
		servers        string
		start, end     time.Duration // of the first
		path           string
		status, outcom int
	}{
		{`%{+Q}o\ %t\ %s\ %Tq\ %Tw\ %Tt\ %HM\ %HP\ %ST`, `"27/Nov/2026:09:30:00.000" "s1" "3" "2" "65" "GET" "/a b" "200"`, "s1", 5 * ms, 65 * ms, "/a", 200, 0},
		{`%tr %[capture.req.hdr(0)] %b/%s %TR %Tw %Ta %ST %ts %hr %hs "%r"`, `27/Nov/2026:09:30:00.010 - app/s1 1 0 50 200 -- "GET /x HTTP/1.1"`, "s1", 11 * ms, 60 * ms, "/x", 200, 0},
		{`%tr %[capture.req.hdr(0)] %b/%s %TR %Tw %Ta %ST %ts %hr %hs "%r"`, `27/Nov/2026:09:30:00.010 - app/s1 1 0 50 200 -- {a b|c} {d} "GET /x HTTP/1.1"`, "s1", 11 * ms, 60 * ms, "/x", 200, 0},
		{haproxyDefault, `<134>Nov 27 09:30:00 haproxy[2417]: 198.51.100.51:40000 [27/Nov/2026:09:30:00.048] www app/<NOSRV> 0/-1/-1/-1/51 503 3914 - - SC-- 5/5/4/0/0 0/0 "GET / HTTP/1.1"`, "", 0, 0, "/", 503, 0},
		{`$msec|$upstream_addr|$upstream_response_time|$upstream_status|$request_uri|$status`, `1795771800.100|a:1, b:1|0.030, 0.060|502, 200|/x?y|200`, "a:1 b:1", 10 * ms, 40 * ms, "/x?y", 200, 1},
		{`{"t":"$time_iso8601","m":$msec,"ua":"$http_user_agent","a":"$upstream_addr","u":"$upstream_response_time","r":"$request_time"}`, `{"t":"2026-11-27T09:30:00+00:00","m":1795771800.100,"ua":"x\",\"a\":\"evil","a":"a:1","u":"0.030","r":"0.040"}`, "a:1", 60 * ms, 90 * ms, "", 0, 0},
		{`$msec $upstream_addr $upstream_response_time`, `1795771800.100 a:1, b:1 : c:1 0.010, 0.020 : 0.030`, "a:1 b:1 c:1", 40 * ms, 50 * ms, "", 0, 0},
		{`$proxy_host $msec $upstream_addr $upstream_response_time $request_time`, `shop 1795771800.100 - - 0.000`, "", 0, 0, "", 0, 0},
	} {
		f, err := formatOf(c.text)
		require.NoError(t, err, c.text)
		got, err := f.parse([]byte(c.line), nil)
		require.NoError(t, err, c.line)
		var servers []string
		for _, e := range got {
			if len(e.server) > 0 {
				servers = append(servers, string(e.server))
			}
		}
		require.Equal(t, c.servers, strings.Join(servers, " "), c.line)
		if c.servers == "" {
			continue
		}
		require.InDelta(t, float64(at+c.start), float64(got[0].Start), 1e6, c.line)
		require.InDelta(t, float64(at+c.end), float64(got[0].End), 1e6, c.line)
		require.Equal(t, c.status, int(got[0].status), c.line)
		require.Equal(t, fit.Outcome(c.outcom), got[0].Outcome, c.line)
		require.True(t, strings.HasPrefix(string(got[0].path), c.path), "%s: %s", c.line, got[0].path)
	}
}

func TestFormatStringsThatTellTooLittle(t *testing.T) {
	for text, says := range map[string]string{
		"combined":                                    "neither nginx's",
		`$msec $upstream_addr`:                        "no $upstream_response_time",
		`$msec $request_time`:                         "no $upstream_addr",
		`$upstream_addr $upstream_response_time`:      "no $msec",
		`$msec$upstream_addr $upstream_response_time`: "nothing stands between",
		`${msec $upstream_addr`:                       "without its }",
		`%tr %Ta`:                                     "no %s",
		`%tr %s`:                                      "no %tr with %Ta",
		`%{+Q`:                                        "no variable of HAProxy",
		`% s`:                                         "no variable of HAProxy",
		strings.Repeat("$a ", 300):                    "more than 200 variables",
		strings.Repeat("$a ", 10000):                  "more than a format string has",
	} {
		_, err := formatOf(text)
		require.ErrorContains(t, err, says, "%.40s", text)
	}
	_, err := Read(files(written("haproxy", day(30))), Options{String: `%tr %s %Ta`})
	require.ErrorContains(t, err, "log1:1: a timer is not a number (30 of 30")
}

func TestTheFormatInAnNginxConf(t *testing.T) {
	conf := []byte(`# log_format old '$x';
http {
  map $a $b { default "log_format"; }
  log_format plain '$remote_addr "$request"';
  log_format timed escape=json '$msec rt=$request_time '
     "ua=\"$upstream_addr\" " # behind it
     'it\'s ${upstream_response_time}';
  access_log x timed;
}`)
	got, err := NginxFormat(conf, "timed")
	require.NoError(t, err)
	require.Equal(t, `$msec rt=$request_time ua="$upstream_addr" it's ${upstream_response_time}`, got)
	_, err = NginxFormat(conf, "other")
	require.ErrorContains(t, err, `no log_format "other" in it; there are plain, timed`)
	_, err = NginxFormat([]byte("http { include x; }"), "timed")
	require.ErrorContains(t, err, "no log_format in it; included files")
}

func TestFilters(t *testing.T) {
	var lines strings.Builder
	for i, q := range day(40) {
		line := writers["haproxy"](q)
		if i%4 == 0 {
			line = strings.NewReplacer("GET /[x]", "POST /api/x", " 200 ", " 503 ").Replace(line)
		}
		fmt.Fprintln(&lines, line)
	}
	for _, c := range []struct {
		keep Filter
		left int
	}{
		{Filter{}, 40},
		{Filter{Paths: []string{"/api/"}}, 10},
		{Filter{Methods: []string{"get"}}, 30},
		{Filter{Statuses: []string{"5xx", "404"}}, 10},
		{Filter{Statuses: []string{"200-299"}, Methods: []string{"GET", "POST"}, Paths: []string{"/[", "/api"}}, 30},
	} {
		l := read(t, Options{Keep: c.keep}, lines.String())
		require.Len(t, l.Requests, c.left)
		require.Equal(t, 40-c.left, l.Filtered)
	}
	for _, f := range []Filter{{Paths: []string{"api"}}, {Methods: []string{"a b"}}, {Statuses: []string{"7yy"}}, {Statuses: []string{"300-200"}}, {Statuses: []string{""}}} {
		_, err := Read(files(lines.String()), Options{Keep: f})
		require.ErrorContains(t, err, "want ")
	}
	_, err := Read(files(lines.String()), Options{Keep: Filter{Paths: []string{"/nobody"}}})
	require.ErrorContains(t, err, "leave none of the 40 requests")
}

// Every format knows what was asked for, so that it can be filtered by.
func TestEveryFormatKnowsWhatWasAskedFor(t *testing.T) {
	lines := map[string]string{
		"caddy":   `{"ts":1795771800.1,"request":{"method":"GET","uri":"/a"},"duration":0.1,"status":200,"upstream":"t:1"}`,
		"envoy":   `{"start_time":"2026-11-27T09:30:00.000Z","duration":80,"upstream_host":"t:1","response_code":200,"method":"GET","path":"/a"}`,
		"traefik": `{"StartUTC":"2026-11-27T09:30:00Z","Duration":1000000,"OriginDuration":900000,"ServiceAddr":"t:1","DownstreamStatus":200,"RequestMethod":"GET","RequestPath":"/a"}`,
		"slbtui":  `{"time":"2026-11-27T09:30:00.1Z","status":200,"duration_ms":100,"upstream":"s1","method":"GET","path":"/a"}`,
	}
	for _, name := range Names() {
		line, ok := lines[name]
		if !ok {
			line = strings.NewReplacer("GET /[x]", "GET /a", "GET / ", "GET /a ", ":443/ ", ":443/a ").Replace(writers[name](day(1)[0]))
		}
		got, err := parser(t, name)([]byte(line), nil)
		require.NoError(t, err, name)
		require.Equal(t, "GET", string(got[0].method), name)
		require.Equal(t, "/a", string(got[0].path), name)
		require.Equal(t, 200, int(got[0].status), name)
	}
	got, err := parser(t, "envoy")([]byte(`[2026-11-27T09:30:00.000Z] "GET /a HTTP/1.1" 200 - 0 12 80 - "-" "curl" "id" "shop" "10.0.0.1:80"`), nil)
	require.NoError(t, err)
	require.Equal(t, "/a", string(got[0].path))
}

// Traefik counts requests: that is their order within a second.
func TestTraefikCountsRequests(t *testing.T) {
	want := day(240)
	l := read(t, Options{Format: "traefik"}, written("traefik-clf", want))
	require.Equal(t, "traefik-clf", l.Format)
	for i, q := range l.Requests {
		require.Equal(t, want[i].Server, q.Server, "request %d", i)
		require.InDelta(t, float64(want[i].Start), float64(q.Start), float64(time.Second))
		require.InDelta(t, float64(want[i].Took()), float64(q.Took()), float64(time.Millisecond))
	}
}

func TestWhatTakesTooLongIsLeftOut(t *testing.T) {
	l := read(t, Options{Longest: 60 * time.Millisecond}, written("haproxy", day(240)))
	require.Less(t, len(l.Requests), 100)
	require.Equal(t, 240, l.Upgraded+len(l.Requests))
}

func TestBalancersByTheirFiles(t *testing.T) {
	all := day(240)
	texts := []string{written("haproxy", all[:80]), written("haproxy", all[80:160]), written("haproxy", all[160:])}
	named := func(names ...string) (all []File) {
		for i, name := range names {
			all = append(all, File{name, strings.NewReader(texts[i])})
		}
		return all
	}
	l, err := Read(named("a/access.log.1", "b/access.log.2.gz", "b/access.log"), Options{Balancer: "{folder}"})
	require.NoError(t, err)
	require.Equal(t, 2, l.Balancers)
	require.Equal(t, uint16(1), l.Requests[239].Balancer)
	l, err = Read(named("a/access.log.1", "b/access.log-20261127.gz", "b/access.log"), Options{Balancer: "{file}"})
	require.NoError(t, err)
	require.Equal(t, 1, l.Balancers)
	_, err = Read(named("a", "b", "c"), Options{Balancer: "x"})
	require.ErrorContains(t, err, "want {file} or {folder}")
}

func FuzzFormatString(f *testing.F) {
	f.Add(haproxyDefault, writers["haproxy"](day(1)[0]))
	f.Add(nginxTimed, writers["nginx"](day(1)[0]))
	f.Add(`%{+Q}o\ %t\ %s\ %Tq\ %Tw\ %Tt`, `"27/Nov/2026:09:30:00.000" "s1" "3" "2" "65"`)
	f.Add(`$msec$$ ${upstream_addr} $upstream_response_time`, `1.0$ a, b 1, -`)
	f.Fuzz(func(t *testing.T, text, line string) {
		if _, err := Read(files(line+"\n"), Options{String: text}); err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
	})
}

func FuzzNginxConf(f *testing.F) {
	f.Add("log_format a '$x';", "a")
	f.Add(`log_format a "${x}" 'y\'';{`, "a")
	f.Fuzz(func(t *testing.T, conf, name string) {
		if _, err := NginxFormat([]byte(conf), name); err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
	})
}
