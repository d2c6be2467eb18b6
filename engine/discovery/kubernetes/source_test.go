package kubernetes

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"slbtui/engine/config"
	"slbtui/engine/discovery/kubernetes/apitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFollowsAServiceOfTheFake(t *testing.T) { followsAService(t, apitest.New(t).Cluster(t)) }

func (h heard) waitsForError(t *testing.T, text string) {
	t.Helper()
	patience := time.After(30 * time.Second)
	for {
		select {
		case err := <-h.errs:
			if strings.Contains(err.Error(), text) {
				return
			}
		case <-patience:
			require.FailNow(t, "waited in vain for", text)
		}
	}
}

// A watch ends, breaks off, and finds its place in the history gone; none of that is an error, nor loses a change.
func TestWatchesGoOn(t *testing.T) {
	fake := apitest.New(t)
	c := fake.Cluster(t)
	c.Put(t, "web", "web-1", 80, apitest.Endpoint{Address: "10.1.0.1"})
	h := follow(t, config.Kubernetes{Service: "web", Namespace: "default", API: c.URL, TokenFile: c.TokenFile, CAFile: c.CAFile})
	h.waits(t, "10.1.0.1:80")
	require.Eventually(t, func() bool { _, _, bookmarks := fake.Counts(); return bookmarks > 1 }, 30*time.Second, time.Millisecond)

	fake.Cut()
	c.Put(t, "web", "web-2", 80, apitest.Endpoint{Address: "10.1.0.2"})
	h.waits(t, "10.1.0.1:80", "10.1.0.2:80")
	lists, _, _ := fake.Counts()
	require.Equal(t, 1, lists, "it was taken up where it was")

	fake.Refuse(http.StatusServiceUnavailable)
	fake.Cut()
	h.waitsForError(t, "503 Service Unavailable (told to refuse)")
	c.Delete(t, "web-1")
	fake.Forget()
	fake.Refuse(0)
	h.waits(t, "10.1.0.2:80")
	lists, _, _ = fake.Counts()
	require.Greater(t, lists, 1, "what is gone is listed anew")
}

// A place in the history that is gone as soon as it was listed is not asked for in a busy loop.
func TestAVersionThatIsGoneAgainAndAgain(t *testing.T) {
	var lists atomic.Int64
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("watch") {
			_, _ = w.Write([]byte(`{"type":"ERROR","object":{"code":410}}`))
			return
		}
		lists.Add(1)
		_, _ = w.Write([]byte(`{"metadata":{"resourceVersion":"1"},"items":[]}`))
	}))
	defer api.Close()
	h := follow(t, config.Kubernetes{Service: "web", Namespace: "default", API: api.URL})
	for range 4 { // of each list, and of each watch
		<-h.lists
	}
	<-time.After(300 * time.Millisecond)
	require.LessOrEqual(t, lists.Load(), int64(3), "one at once, the others a second later")
}

func TestManySlicesComeInPages(t *testing.T) {
	fake := apitest.New(t)
	c := fake.Cluster(t)
	var want []string
	for n := range pageSize + 3 {
		address := "10.1." + strings.Join([]string{itoa(n / 250), itoa(n%250 + 1)}, ".")
		c.Put(t, "web", "web-"+itoa(n), 80, apitest.Endpoint{Address: address})
		want = append(want, address+":80")
	}
	h := follow(t, config.Kubernetes{Service: "web", Namespace: "default", API: c.URL, TokenFile: c.TokenFile, CAFile: c.CAFile})
	h.waits(t, want...)
	lists, _, _ := fake.Counts()
	require.Equal(t, 2, lists)
}

func TestWhoMayNotIsTold(t *testing.T) {
	fake := apitest.New(t)
	c := fake.Cluster(t)
	cfg := config.Kubernetes{Service: "web", Namespace: "default", API: c.URL, TokenFile: c.TokenFile, CAFile: c.CAFile}
	require.NoError(t, os.WriteFile(c.TokenFile, []byte("wrong"), 0o600))
	h := follow(t, cfg)
	h.waitsForError(t, "401 Unauthorized")
	require.NoError(t, os.WriteFile(c.TokenFile, []byte(apitest.Token), 0o600))
	c.Put(t, "web", "web-1", 80, apitest.Endpoint{Address: "10.1.0.1"})
	h.waits(t, "10.1.0.1:80") // the token is read anew for each request

	fake.Refuse(http.StatusForbidden)
	follow(t, cfg).waitsForError(t, "needs list and watch of endpointslices")
	fake.Refuse(http.StatusFound)
	follow(t, cfg).waitsForError(t, "302 Found")
	cfg.CAFile = ""
	follow(t, cfg).waitsForError(t, "certificate")
	cfg.TokenFile = filepath.Join(t.TempDir(), "none")
	follow(t, cfg).waitsForError(t, "token_file")
}

func TestOutsideOfAPodMuchIsMissing(t *testing.T) {
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	_, err := New(config.Kubernetes{Service: "web"})
	require.ErrorContains(t, err, "discovery.kubernetes: no namespace is set, and this is no pod")
	_, err = New(config.Kubernetes{Service: "web", Namespace: "default"})
	require.ErrorContains(t, err, "no api is set, and this is no pod")
	t.Setenv("KUBERNETES_SERVICE_HOST", "::1")
	t.Setenv("KUBERNETES_SERVICE_PORT", "443")
	_, err = New(config.Kubernetes{Service: "web", Namespace: "default"})
	require.ErrorContains(t, err, "ca_file: open "+account+"ca.crt")
	bad := filepath.Join(t.TempDir(), "ca")
	require.NoError(t, os.WriteFile(bad, []byte("nothing"), 0o600))
	_, err = New(config.Kubernetes{Service: "web", Namespace: "default", API: "https://h", CAFile: bad})
	require.ErrorContains(t, err, "holds no PEM certificate")
}
