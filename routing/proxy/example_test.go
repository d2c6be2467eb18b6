package proxy_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"slbtui/routing"
	"slbtui/routing/policy"
	"slbtui/routing/proxy"
)

// always sends everything to the first available server.
type always struct{}

func (always) Name() string { return "always" }
func (always) Pick(v policy.View) (int, policy.Token) {
	for i, s := range v.Servers {
		if s.Available {
			return i, policy.Token{Server: i}
		}
	}
	return policy.NoServer, policy.Token{}
}
func (always) Done(policy.Token, policy.Outcome) {}

func ExampleNew() {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "hello "+r.URL.Query().Get("name"))
	}))
	defer upstream.Close()
	u, _ := url.Parse(upstream.URL)

	pool, err := routing.NewPool([]routing.UpstreamConfig{{ID: "server1", URL: u}}, routing.DefaultHealthConfig())
	if err != nil {
		fmt.Println(err)
		return
	}
	handler := proxy.New(proxy.Config{
		Pool:           pool,
		Router:         routing.NewRouter(pool, &always{}),
		HealthPath:     "/health",
		ConnectTimeout: time.Second,
		RequestTimeout: 30 * time.Second,
	})
	defer handler.Close()
	front := httptest.NewServer(handler)
	defer front.Close()

	for _, path := range []string{"/greet?name=world", "/health"} {
		res, err := http.Get(front.URL + path)
		if err != nil {
			fmt.Println(err)
			return
		}
		b, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		fmt.Printf("%s [%s]\n", b, res.Header.Get(proxy.ServedByHeader))
	}
	// Output:
	// hello world [server1]
	// {"status":"healthy","routing_strategy":"always","servers_count":1}
	//  []
}

// A FadingAverage weighs recent answers more, and fades when no more come.
func ExampleFadingAverage() {
	var f routing.FadingAverage
	f.Add(0, 100)
	f.Add(0, 300)
	fmt.Println(f.At(0), f.At(routing.ResponseHalfLife))
	// Output: 200 100
}
