package logs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsNoLog(t *testing.T) {
	combined := strings.Repeat(`198.51.100.51 - - [27/Nov/2026:09:30:00 +0000] "GET / HTTP/1.1" 200 3914 "-" "curl/8.5.0"`+"\n", 30)
	good := written("haproxy", day(30))
	for _, c := range []struct {
		text    string
		options Options
		says    []string
	}{
		{"", Options{}, []string{"log1: the file is empty"}},
		{"\n\n", Options{Format: "nginx"}, []string{"there is no line"}},
		{combined, Options{}, []string{"log1:1: ", "neither times nor upstreams", "log_format timed", "access_log"}},
		{combined, Options{Format: "nginx"}, []string{"log1:1: ", "neither times nor upstreams", "log_format timed"}},
		{good, Options{Format: "nginx"}, []string{"log1:1: not a line of nginx", "log_format timed"}},
		{"hello\nworld\n", Options{}, []string{"log1:1: no format that is known (haproxy", "docs/fit.md"}},
		{good, Options{Format: "squid"}, []string{`"squid" is no format of a log (haproxy`}},
		{good + strings.Repeat("x", 2<<20), Options{}, []string{"log1:31: the line is longer than 1 MiB"}},
		{strings.Repeat("x", 2<<20), Options{}, []string{"log1:1: no format"}},
		{packed(t, good)[:200], Options{}, []string{"log1"}},
		{"\x1f\x8bnot gzip", Options{}, []string{"log1: looks packed by gzip, and is not"}},
		{strings.ReplaceAll(good, "0/0/1/", "0/0/1/x"), Options{Format: "haproxy"}, []string{"log1:1: the timers are not five numbers (30 of 30"}},
		{strings.ReplaceAll(good, "app/app", "www/<NOSRV>"), Options{}, []string{"no server in any", "option httplog"}},
		{`{"ts":1.5,"request":{},"duration":0.1,"status":200}` + "\n", Options{}, []string{"log1:1: ", "log_append upstream"}},
	} {
		_, err := Read(files(c.text), c.options)
		require.Error(t, err, "%.80s", c.text)
		for _, s := range c.says {
			require.ErrorContains(t, err, s)
		}
	}
}

// A log is read in spite of lines that are damaged; they are counted, and the first is named.
func TestDamagedLinesAreCounted(t *testing.T) {
	lines := strings.SplitAfter(written("haproxy", day(60)), "\n")
	lines[16] = lines[16][:90] + "\n"
	lines[30] = "\x1b[2J rubbish\n"
	l := read(t, Options{}, strings.Join(lines, ""))
	require.Len(t, l.Requests, 58)
	require.Equal(t, 2, l.NotUnderstood)
	require.Contains(t, l.FirstProblem, "log1:17: ")
	l = read(t, Options{}, strings.TrimSuffix(strings.Join(lines, ""), "\n"), "# a comment\n")
	require.Len(t, l.Requests, 58, "the last line needs no end")
}

func TestNamesAreFitToBePrinted(t *testing.T) {
	l := read(t, Options{}, `h [27/Nov/2026:09:30:00.048] www app/s`+"\x1b"+`1 0/0/1/40/60 200 1 - - ---- 5/5/4/2/0 0/0 "GET / HTTP/1.1"`+"\n")
	require.Equal(t, []string{"s 1"}, l.Servers)
}

// Text formats take nothing of the heap for a line.
func TestTextNeedsNoMemory(t *testing.T) {
	for _, name := range []string{"haproxy", "nginx", "nginx-seconds", "ingress-nginx", "traefik-clf"} {
		parse := parser(t, name)
		var err error
		line, to := []byte(writers[name](day(1)[0])), make([]entry, 0, 4)
		require.Zero(t, testing.AllocsPerRun(100, func() {
			if to, err = parse(line, to[:0]); err != nil {
				t.Fatal(err)
			}
		}), name)
	}
}

// fuzz holds a parser to what the reader counts on.
func fuzz(f *testing.F, name string) {
	for _, q := range day(5) {
		f.Add(writers[name](q))
	}
	f.Add(`{"ts":1e400,"duration":-1,"request":{},"resp_headers":{"X-Upstream":[]}}`)
	f.Add(`x [27/Nov/2026:09:30:00.048] a b/c -1/-1/-1/-1/-1 -1 0 - - - / / "`)
	f.Add(`x msec=9999999999.9 rt=-1 ua="," us="" urt=","`)
	parse := parser(f, name)
	f.Fuzz(func(t *testing.T, line string) {
		got, err := parse([]byte(line), nil)
		if err == nil && len(got) == 0 {
			t.Errorf("%q is understood, and tells nothing", line)
		}
		if _, err := Read(files(line+"\n"), Options{Format: name}); err != nil && err.Error() == "" {
			t.Error("an error that says nothing")
		}
	})
}

func FuzzHAProxy(f *testing.F)      { fuzz(f, "haproxy") }
func FuzzNginx(f *testing.F)        { fuzz(f, "nginx") }
func FuzzNginxSeconds(f *testing.F) { fuzz(f, "nginx-seconds") }
func FuzzIngress(f *testing.F)      { fuzz(f, "ingress-nginx") }
func FuzzCaddy(f *testing.F)        { fuzz(f, "caddy") }
func FuzzEnvoy(f *testing.F)        { fuzz(f, "envoy") }
func FuzzTraefik(f *testing.F)      { fuzz(f, "traefik") }
func FuzzALB(f *testing.F)          { fuzz(f, "alb") }
func FuzzTraefikCLF(f *testing.F)   { fuzz(f, "traefik-clf") }
func FuzzSlbtui(f *testing.F)       { fuzz(f, "slbtui") }

func BenchmarkRead(b *testing.B) {
	for _, name := range Names() {
		text := written(name, day(10_000))
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(files(text), Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*10_000/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
