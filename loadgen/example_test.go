package loadgen_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"slbtui/loadgen"
)

// A hundred requests, a millisecond apart, whether the target keeps up or not.
func ExampleGenerator() {
	target := httptest.NewServer(http.NotFoundHandler())
	defer target.Close()

	g, err := loadgen.New(loadgen.Config{
		URL:      target.URL,
		Rate:     1000,
		Arrivals: loadgen.Constant,
		Duration: 100 * time.Millisecond,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := g.Run(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	s := g.Stats()
	fmt.Println(s.Scheduled, "were due,", s.Completed, "were answered,", s.Failed, "failed,", s.Dropped, "were dropped")
	// Output: 100 were due, 100 were answered, 0 failed, 0 were dropped
}

// The arrivals need no clock: a simulation asks when the next one is due. A rate that changes in
// the middle of a gap takes effect at once.
func ExampleArrivals() {
	a, err := loadgen.NewArrivals(loadgen.Constant, 10, nil, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	a.SetRate(250*time.Millisecond, 100)
	for range 4 {
		fmt.Println(a.Next())
		a.Advance()
	}
	// Output:
	// 100ms
	// 200ms
	// 255ms
	// 265ms
}

func ExampleDefaultBurst() {
	b := loadgen.DefaultBurst()
	for t := range 5 {
		fmt.Printf("%d s: %.1f times the rate\n", t, b.Factor(float64(t)))
	}
	// Output:
	// 0 s: 2.2 times the rate
	// 1 s: 0.6 times the rate
	// 2 s: 0.6 times the rate
	// 3 s: 0.6 times the rate
	// 4 s: 2.2 times the rate
}
