package remote

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"slbtui/engine/config"
	"slbtui/engine/live"
	"slbtui/engine/metrics"
)

// A balancer may be anybody's: a terminal obeys none of its texts, wherever in a picture they are.
func TestTextsFromOutsideArePrintable(t *testing.T) {
	const evil = "a\x1b[2J\u009b31m\u202e\n"
	b := newBalancer("p2c" + evil)
	b.goOn(func(s *live.Snapshot) {
		s.Listen, s.Program = evil, "\u202e"
		s.Events = []live.Event{{Number: 1, Kind: evil, Text: evil, Server: evil}}
		s.Policies = []live.PolicyInfo{{Name: evil, Summary: evil}}
		s.Learners[0].Decisions = []live.Decision{{At: time.Second, State: evil}}
		s.WhatIf = &live.WhatIf{State: live.WhatIfDone, Faults: []string{evil}, Past: &live.Past{Reasons: []string{evil}}}
		s.Phases = []metrics.Phase{{Number: 1, Policy: evil, ByServer: map[string]uint64{evil: 7}}}
	})
	address, _ := served(t, b, config.Admin{Listen: "127.0.0.1:0"})
	e := attached(t, Options{}, address)
	text := asJSON(t, e.Snapshot())
	require.Contains(t, text, "a [2J 31m  ")
	require.Equal(t, -1, strings.IndexFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }))
	require.NotContains(t, text, `\u001b`)
	require.NotContains(t, text, `\n`)
	require.Equal(t, uint64(7), e.Snapshot().Phases[0].ByServer["a [2J 31m  "])
}

// A short answer cannot become a picture without end.
func TestAnAnswerThatUnfoldsIsRefused(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(`{"version":1,"seq":1,"servers":[{}` + strings.Repeat(",{}", 10_000_000) + `]}`))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	}))
	defer there.Close()
	e, err := Open([]string{there.URL}, Options{})
	require.NoError(t, err)
	var refused Refusal
	require.ErrorAs(t, e.Meet(t.Context()), &refused)
	require.ErrorContains(t, refused, "parts are more than")
}
