package comparison_test

import (
	"context"
	"fmt"

	"slbtui/engine/comparison"
	"slbtui/engine/simulate"
)

func ExampleCompare() {
	sc, _ := simulate.Lookup("steady60")
	report, err := comparison.Compare(context.Background(), comparison.Plan{
		Scenarios: []simulate.Scenario{sc},
		Policies:  []string{"round_robin", "least_request"},
		Seeds:     comparison.SeedRange(1, 3),
	}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Comparisons[0].BestMean, report.Comparisons[0].Row("round_robin").Mean.Wins)
	// Output: least_request 0
}
