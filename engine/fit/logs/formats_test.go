package logs

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"slbtui/engine/fit"
)

var begin = time.Date(2026, 11, 27, 9, 30, 0, 48_000_000, time.UTC)

// day is requests of three servers, some of them at the same time.
func day(n int) []fit.Request {
	var all []fit.Request
	for i := range n {
		start := time.Duration(begin.UnixNano()) + time.Duration(i*9)*time.Millisecond
		all = append(all, fit.Request{Start: start, End: start + time.Duration(40+i*37%90)*time.Millisecond, Server: int32(i % 3), Others: fit.Unknown})
	}
	return all
}

func address(q fit.Request) string { return fmt.Sprintf("10.0.0.%d:8080", 9+q.Server) }

func stamp(at time.Duration, layout string) string {
	return time.Unix(0, int64(at)).UTC().Format(layout)
}

// writers write a request down as each balancer does.
var writers = map[string]func(fit.Request) string{
	"haproxy": func(q fit.Request) string {
		return fmt.Sprintf(`<134>Nov 27 09:30:00 haproxy[2417]: 198.51.100.51:40000 [%s] www~ app/app%d 0/0/1/%d/%d 200 3914 - - ---- 5/5/4/1/0 0/0 {a.example|} "GET /[x] HTTP/1.1"`,
			stamp(q.Start, "02/Jan/2006:15:04:05.000"), 9+q.Server, q.Took().Milliseconds()-1, q.Took().Milliseconds())
	},
	"nginx": func(q fit.Request) string {
		s := q.Took().Seconds()
		return fmt.Sprintf(`198.51.100.51 - - [%s] "GET / HTTP/1.1" 200 3914 "-" "curl msec=1 rt=2" msec=%d.%03d rt=%.3f ua="%s" us="200" uct="0.000" uht="%.3f" urt="%.3f"`,
			stamp(q.End, "02/Jan/2006:15:04:05 +0000"), q.End/time.Second, q.End/time.Millisecond%1000, s, address(q), s, s)
	},
	"nginx-seconds": func(q fit.Request) string {
		s := q.Took().Seconds()
		return fmt.Sprintf(`198.51.100.51 - - [%s] "GET / HTTP/1.1" 200 3914 "-" "curl/8.5.0" %.3f %.3f %s`, stamp(q.End, "02/Jan/2006:15:04:05 +0000"), s, s, address(q))
	},
	"ingress-nginx": func(q fit.Request) string {
		s := q.Took().Seconds()
		return fmt.Sprintf(`198.51.100.51 - - [%s] "GET / HTTP/1.1" 200 3914 "-" "curl/8.5.0" 312 %.3f [shop-web-80] [] %s 3914 %.3f 200 0123456789abcdef`,
			stamp(q.End, "02/Jan/2006:15:04:05 +0000"), s, address(q), s)
	},
	"caddy": func(q fit.Request) string {
		return fmt.Sprintf(`{"level":"info","ts":%.6f,"msg":"handled request","request":{"method":"GET","uri":"/"},"duration":%.6f,"status":200,"upstream":"%s"}`,
			q.End.Seconds(), q.Took().Seconds(), address(q))
	},
	"envoy": func(q fit.Request) string {
		return fmt.Sprintf(`{"start_time":"%s","duration":%d,"upstream_host":"%s","upstream_cluster":"shop","response_code":200,"response_flags":"-"}`,
			stamp(q.Start, "2006-01-02T15:04:05.000Z"), q.Took().Milliseconds(), address(q))
	},
	"traefik": func(q fit.Request) string {
		return fmt.Sprintf(`{"StartUTC":"%s","Overhead":250000,"OriginDuration":%d,"Duration":%d,"ServiceAddr":"%s","ServiceName":"shop@file","OriginStatus":200,"DownstreamStatus":200}`,
			stamp(q.Start-250*time.Microsecond, time.RFC3339Nano), q.Took(), q.Took()+250*time.Microsecond, address(q))
	},
	"traefik-clf": func(q fit.Request) string {
		return fmt.Sprintf(`198.51.100.51 - - [%s] "GET / HTTP/1.1" 200 3914 "-" "-" %d "shop@file" "http://%s" %dms`,
			stamp(q.Start, "02/Jan/2006:15:04:05 +0000"), 1+(q.Start-time.Duration(begin.UnixNano()))/(9*time.Millisecond), address(q), q.Took().Milliseconds())
	},
	"alb": func(q fit.Request) string {
		return fmt.Sprintf(`https %s app/shop/0123 198.51.100.51:40000 %s 0.000 %.3f 0.000 200 200 312 3914 "GET https://shop.example:443/ HTTP/1.1" "curl \"8\"" ECDHE TLSv1.2 arn:tg/shop "Root=1" "shop.example" "session-reused" 0 %s "forward" "-" "-"`,
			stamp(q.End, "2006-01-02T15:04:05.000000Z"), address(q), q.Took().Seconds(), stamp(q.Start, "2006-01-02T15:04:05.000000Z"))
	},
	"slbtui": func(q fit.Request) string {
		return fmt.Sprintf(`{"time":"%s","id":"x","status":200,"duration_ms":%.3f,"upstream":"app%d","attempts":1,"policy":"p2c","cancelled":false}`,
			stamp(q.End, time.RFC3339Nano), q.Took().Seconds()*1000, 9+q.Server)
	},
}

// parser is that of a format of this very name.
func parser(t testing.TB, name string) func([]byte, []entry) ([]entry, error) {
	t.Helper()
	all := formats()
	i := slices.IndexFunc(all, func(f format) bool { return f.name == name })
	require.NotEqual(t, -1, i, name)
	return all[i].parse
}

func written(name string, requests []fit.Request) string {
	byEnd := slices.Clone(requests)
	slices.SortStableFunc(byEnd, func(a, b fit.Request) int { return int(a.End - b.End) })
	var lines []string
	for _, q := range byEnd {
		lines = append(lines, writers[name](q))
	}
	return strings.Join(lines, "\n") + "\n"
}

func read(t *testing.T, o Options, texts ...string) *fit.Log {
	t.Helper()
	l, err := Read(files(texts...), o)
	require.NoError(t, err)
	return l
}

func files(texts ...string) (all []File) {
	for i, text := range texts {
		all = append(all, File{fmt.Sprintf("log%d", i+1), strings.NewReader(text)})
	}
	return all
}

// Every format is told from its first lines, and tells the same requests, each within its resolution.
func TestEveryFormatTellsTheSame(t *testing.T) {
	want := day(240)
	require.Len(t, writers, len(Names()))
	for _, name := range Names() {
		l := read(t, Options{}, written(name, want))
		require.Equal(t, name, l.Format)
		require.Len(t, l.Requests, 240, name)
		require.Zero(t, l.NotUnderstood, "%s: %s", name, l.FirstProblem)
		require.Len(t, l.Servers, 3)
		require.Contains(t, l.Servers[0], "9", "%s: in the order of addresses", name)
		if l.Resolution == time.Second {
			continue
		}
		for i, q := range l.Requests {
			require.InDelta(t, float64(want[i].Start), float64(q.Start), float64(l.Resolution), "%s: start of %d", name, i)
			require.InDelta(t, float64(want[i].End), float64(q.End), float64(l.Resolution), "%s: end of %d", name, i)
			require.Equal(t, want[i].Server, q.Server, name)
			require.Equal(t, fit.OK, q.Outcome)
		}
	}
}

// Of stamps of a second the order of the lines tells more.
func TestSecondsAreSpreadInTheOrderOfTheLines(t *testing.T) {
	want := day(240)
	l := read(t, Options{}, written("nginx-seconds", want))
	ends := slices.Clone(l.Requests)
	slices.SortFunc(ends, func(a, b fit.Request) int { return int(a.End - b.End) })
	slices.SortStableFunc(want, func(a, b fit.Request) int { return int(a.End - b.End) })
	for i := range want {
		require.Equal(t, want[i].Server, ends[i].Server)
		require.InDelta(t, float64(want[i].End), float64(ends[i].End), float64(time.Second))
	}
}

func TestOneLineOfEachKind(t *testing.T) {
	at := func(text string) time.Duration {
		x, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err)
		return time.Duration(x.UnixNano())
	}
	ms := time.Millisecond
	for _, c := range []struct {
		format, line string
		server       string
		start, end   time.Duration
		outcome      fit.Outcome
	}{
		{"haproxy", `h [27/Nov/2026:09:30:00.048] www app/s1 3/10/1/40/60 200 1 - - ---- 5/5/4/2/+1 0/0 "GET / HTTP/1.1"`, "s1", at("2026-11-27T09:30:00.061Z"), at("2026-11-27T09:30:00.1085Z"), fit.OK},
		{"haproxy", `h [27/Nov/2026:09:30:00.048] www app/s1 0/0/1/-1/5000 504 1 - - sH-- 5/5/4/2/0 0/0 "GET / HTTP/1.1"`, "s1", at("2026-11-27T09:30:00.048Z"), at("2026-11-27T09:30:05.0485Z"), fit.TimedOut},
		{"haproxy", `h [27/Nov/2026:09:30:00.048] www app/s1 0/0/-1/-1/5 503 1 - - SC-- 5/5/4/2/3 0/0 "GET / HTTP/1.1"`, "s1", at("2026-11-27T09:30:00.048Z"), at("2026-11-27T09:30:00.0535Z"), fit.Failed},
		{"haproxy", `h [27/Nov/2026:09:30:00.048] www www/<NOSRV> -1/-1/-1/-1/0 400 0 - - CR-- 1/1/0/0/0 0/0 "<BADREQ>"`, "", 0, 0, fit.OK},
		{"nginx", `x msec=1795771800.100 rt=0.060 ua="a:1" us="502" urt="0.060"`, "a:1", at("2026-11-27T09:30:00.040Z"), at("2026-11-27T09:30:00.1005Z"), fit.Failed},
		{"nginx", `c - - [27/Nov/2026:09:30:00 +0000] "GET / HTTP/1.1" 499 0 msec=1795771800.100 rt=0.060 ua="a:1" us="-" urt="0.060"`, "a:1", at("2026-11-27T09:30:00.040Z"), at("2026-11-27T09:30:00.1005Z"), fit.TimedOut},
		{"nginx", `x msec=1795771800.100 rt=0.001 ua="-" us="-" urt="-"`, "", 0, 0, fit.OK},
		{"alb", `http 2026-11-27T09:30:00.100Z app/x c:1 - -1 -1 -1 503 - 0 0 "GET / HTTP/1.1" "-" - - arn "-" "-" "-" 0 2026-11-27T09:30:00.000Z "-"`, "", 0, 0, fit.OK},
		{"alb", `http 2026-11-27T09:30:05.100Z app/x c:1 t:1 -1 -1 -1 460 - 0 0 "GET / HTTP/1.1" "-" - - arn "-" "-" "-" 0 2026-11-27T09:30:00.000Z "-"`, "t:1", at("2026-11-27T09:30:00Z"), at("2026-11-27T09:30:05.1Z"), fit.TimedOut},
		{"envoy", `{"start_time":"2026-11-27T09:30:00.000Z","duration":"80","request_duration":"10","upstream_host":"t:1","response_code":0,"response_flags":"DC"}`, "t:1", at("2026-11-27T09:30:00.010Z"), at("2026-11-27T09:30:00.0805Z"), fit.TimedOut},
		{"envoy", `[2026-11-27T09:30:00.000Z] "GET /a HTTP/1.1" 503 UF,URX 0 12 80 - "-" "curl" "id" "shop" "tcp://10.0.0.1:80"`, "10.0.0.1:80", at("2026-11-27T09:30:00Z"), at("2026-11-27T09:30:00.0805Z"), fit.Failed},
		{"envoy", `[2026-11-27T09:30:00.000Z] "GET /a HTTP/1.1" 200 - via_upstream - "-" 0 12 80 79 "-" "curl" "id" "shop" "10.0.0.1:80" outbound|80||shop 10.0.0.9:1 10.0.0.8:2 10.0.0.7:3 - default`, "10.0.0.1:80", at("2026-11-27T09:30:00Z"), at("2026-11-27T09:30:00.0805Z"), fit.OK},
		{"envoy", `[2026-11-27T09:30:00.000Z] "GET /a HTTP/1.1" 404 NR 0 0 0 - "-" "curl" "id" "shop" "-"`, "", 0, 0, fit.OK},
		{"traefik-clf", `1.2.3.4 - - [27/Nov/2026:09:30:00 +0000] "GET /a HTTP/1.1" 404 19 "-" "-" 3 "-" "-" 0ms`, "", 0, 0, fit.OK},
		{"caddy", `{"ts":"2026-11-27T10:30:00.100+01:00","request":{},"duration":0.1,"status":502,"resp_headers":{"X-Upstream":["{x}","t:1"]}}`, "t:1", at("2026-11-27T09:30:00Z"), at("2026-11-27T09:30:00.1Z"), fit.Failed},
		{"traefik", `{"StartUTC":"2026-11-27T09:30:00Z","Duration":1000000,"DownstreamStatus":404}`, "", 0, 0, fit.OK},
		{"slbtui", `{"time":"2026-11-27T09:30:00.1Z","status":0,"duration_ms":100,"upstream":"s1","cancelled":true}`, "s1", at("2026-11-27T09:30:00Z"), at("2026-11-27T09:30:00.1Z"), fit.TimedOut},
		{"slbtui", `{"time":"2026-11-27T09:30:00.1Z","status":200,"duration_ms":100,"upstream":"s1","picked_ms":10,"in_flight":2,"header_ms":50,"upstream_ms":60,"client_wait_ms":30}`, "s1", at("2026-11-27T09:30:00.010Z"), at("2026-11-27T09:30:00.070Z"), fit.OK},
	} {
		got, err := parser(t, c.format)([]byte(c.line), nil)
		require.NoError(t, err, c.line)
		require.Len(t, got, 1)
		require.Equal(t, c.server, string(got[0].server), c.line)
		if c.server == "" {
			continue
		}
		require.InDelta(t, float64(c.start), float64(got[0].Start), float64(ms)/10, c.line)
		require.InDelta(t, float64(c.end), float64(got[0].End), float64(ms)/10, c.line)
		require.Equal(t, c.outcome, got[0].Outcome, c.line)
	}
}

// nginx names every attempt: each came when the one before had failed.
func TestAttemptsFollowEachOther(t *testing.T) {
	for line, resolution := range map[string]time.Duration{
		`x msec=1795771800.100 rt=0.090 ua="a:1, b:1" us="502, 200" urt="0.030, 0.060"`:                                                   time.Millisecond,
		`c - - [27/Nov/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 39 "-" "curl" 0.090 0.030, 0.060 a:1, b:1`:                               time.Second,
		`c - - [27/Nov/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 39 "-" "curl" 312 0.090 [p] [] a:1, b:1 0, 39 0.030, 0.060 502, 200 f00`: time.Second,
	} {
		l := read(t, Options{}, line+"\n")
		require.Len(t, l.Requests, 2)
		require.Equal(t, []string{"a:1", "b:1"}, l.Servers)
		require.Equal(t, resolution, l.Resolution)
		if resolution < time.Second {
			require.Equal(t, 30*time.Millisecond, l.Requests[1].Start-l.Requests[0].Start)
		}
		require.InDelta(t, 90e6, float64(l.Requests[0].Took()+l.Requests[1].Took()), 2e6)
	}
}

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func TestFilesAreOneLog(t *testing.T) {
	all := day(240)
	l := read(t, Options{}, written("haproxy", all[120:]), packed(t, written("haproxy", all[:120])))
	require.Len(t, l.Requests, 240)
	require.True(t, slices.IsSortedFunc(l.Requests, func(a, b fit.Request) int { return int(a.Start - b.Start) }))
	require.Equal(t, 1, l.Balancers)
	long := day(2400)
	var odd, even []fit.Request
	for i, q := range long {
		if i%2 == 0 {
			even = append(even, q)
		} else {
			odd = append(odd, q)
		}
	}
	require.Equal(t, 2, read(t, Options{}, written("nginx", odd), written("nginx", even)).Balancers)
}

func TestTheLargestPoolUnlessAnotherIsAskedFor(t *testing.T) {
	text := written("haproxy", day(30)) + strings.ReplaceAll(written("haproxy", day(6)), " app/", " api/")
	l := read(t, Options{}, text)
	require.Len(t, l.Requests, 30)
	require.Equal(t, []string{"api"}, l.OtherPools)
	require.Len(t, read(t, Options{Pool: "api"}, text).Requests, 6)
	_, err := Read(files(text), Options{Pool: "nobody"})
	require.ErrorContains(t, err, "--pool nobody: the log has app, api")
}

func TestAddressesAreInOrder(t *testing.T) {
	names := []string{"app10", "10.0.0.11:80", "app2", "10.0.0.2:80", "app", "10.0.0.2:9"}
	slices.SortFunc(names, byAddress)
	require.Equal(t, []string{"10.0.0.2:9", "10.0.0.2:80", "10.0.0.11:80", "app", "app2", "app10"}, names)
}
