package backends_test

import (
	"context"
	"fmt"
	"net/http"

	"slbtui/backends"
	"slbtui/backends/fault"
)

func ExampleServer() {
	s, err := backends.New(backends.Config{ID: "server1", BaseDelayMS: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := s.Listen(); err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx) }()

	s.SetFault(fault.Span{Fault: fault.Fault{ErrorRate: 1}})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + s.Addr() + "/")
	if err == nil {
		fmt.Println(resp.StatusCode)
		_ = resp.Body.Close()
	}
	fmt.Println(s.Status().Fault.ErrorRate)

	stop()
	fmt.Println(<-ended)
	// Output:
	// 500
	// 1
	// <nil>
}
