package routing_test

import (
	"fmt"
	"time"

	"slbtui/routing"
)

// A policy is asked for a server and told what became of the request.
func ExampleNewPolicy() {
	p, err := routing.NewPolicy("least_request", routing.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	view := routing.View{Servers: []routing.ServerView{
		{InFlight: 3, Available: true, Reachable: true, CPU: -1, Weight: 1},
		{InFlight: 1, Available: true, Reachable: true, CPU: -1, Weight: 1},
		{InFlight: 0},
	}}
	server, token := p.Pick(view)
	p.Done(token, routing.Outcome{Now: 20 * time.Millisecond, Latency: 20 * time.Millisecond, Status: 200})
	fmt.Println("server", server)
	// Output: server 1
}
