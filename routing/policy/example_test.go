package policy_test

import (
	"fmt"
	"time"

	"slbtui/routing/policy"
)

// A policy is asked for a server and told what became of the request.
func ExampleNew() {
	p, err := policy.New("least_request", policy.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	view := policy.View{Servers: []policy.ServerView{
		{InFlight: 3, Available: true, Reachable: true, CPU: -1, Weight: 1},
		{InFlight: 1, Available: true, Reachable: true, CPU: -1, Weight: 1},
		{InFlight: 0},
	}}
	server, token := p.Pick(view)
	p.Done(token, policy.Outcome{Now: 20 * time.Millisecond, Latency: 20 * time.Millisecond, Status: 200})
	fmt.Println("server", server)
	// Output: server 1
}
