package exposition

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func written(t *testing.T, write func(*Writer)) string {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b)
	write(w)
	require.NoError(t, w.Flush())
	return b.String()
}

func TestSamplesAreEscaped(t *testing.T) {
	got := written(t, func(w *Writer) {
		w.Family("x_total", "counter", "one\\two\nthree")
		w.Sample("x_total", 1.5, Label{"a", "q\"b\\s\nn"}, Label{"b", ""})
		w.Sample("x_total", math.Inf(1))
		w.Sample("x_total", math.NaN())
	})
	require.Equal(t, "# HELP x_total one\\\\two\\nthree\n# TYPE x_total counter\n"+
		"x_total{a=\"q\\\"b\\\\s\\nn\",b=\"\"} 1.5\nx_total +Inf\nx_total NaN\n", got)
}

func TestRequestsAreCountedInBuckets(t *testing.T) {
	r := NewRequests()
	r.Observe("s1", 200, time.Millisecond, 1) // on the bound: le
	r.Observe("s1", 204, 2*time.Millisecond, 3)
	r.Observe("s1", 299, time.Hour, 1)
	r.Observe("s1", 503, time.Second, 2)
	r.Observe("", 503, 0, 0)
	r.Observe("s2", 777, 0, 1)
	got := written(t, r.Write)
	for _, line := range []string{
		`slbtui_request_duration_seconds_bucket{upstream="s1",code="2xx",le="0.001"} 1`,
		`slbtui_request_duration_seconds_bucket{upstream="s1",code="2xx",le="0.0025"} 2`,
		`slbtui_request_duration_seconds_bucket{upstream="s1",code="2xx",le="30"} 2`,
		`slbtui_request_duration_seconds_bucket{upstream="s1",code="2xx",le="+Inf"} 3`,
		`slbtui_request_duration_seconds_sum{upstream="s1",code="2xx"} 3600.003`,
		`slbtui_request_duration_seconds_count{upstream="s1",code="2xx"} 3`,
		`slbtui_request_duration_seconds_count{upstream="s1",code="5xx"} 1`,
		`slbtui_request_duration_seconds_count{upstream="",code="5xx"} 1`,
		`slbtui_request_duration_seconds_count{upstream="s2",code="none"} 1`,
		`slbtui_request_retries_total 3`,
	} {
		require.Contains(t, got, line+"\n")
	}
	require.NotContains(t, got, `code="3xx"`)
}

func TestLabelsStayBounded(t *testing.T) {
	r := NewRequests()
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range maxUpstreams {
				r.Observe(fmt.Sprint(g, "-", i), 200, 0, 1)
			}
		})
	}
	all.Wait()
	got := written(t, r.Write)
	require.LessOrEqual(t, strings.Count(got, "_count{"), maxUpstreams+1)
	total := 0
	for _, m := range regexp.MustCompile(`_count\{.*\} (\d+)`).FindAllStringSubmatch(got, -1) {
		var n int
		_, err := fmt.Sscan(m[1], &n)
		require.NoError(t, err)
		total += n
	}
	require.Equal(t, 4*maxUpstreams, total, "none is lost")
}

func TestProcess(t *testing.T) {
	got := written(t, WriteProcess)
	require.Regexp(t, `(?m)^go_goroutines [1-9]\d*$`, got)
	for _, m := range runtimeMetrics {
		require.Contains(t, got, "\n"+m.name+" ", "the runtime knows it")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestErrorsStick(t *testing.T) {
	w := NewWriter(broken{})
	WriteProcess(w)
	require.Error(t, w.Flush())
}

func BenchmarkObserve(b *testing.B) {
	b.ReportAllocs()
	r := NewRequests()
	for b.Loop() {
		r.Observe("s1", 200, 3*time.Millisecond, 1)
	}
}
