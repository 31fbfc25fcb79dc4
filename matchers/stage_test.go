package matchers_test

import (
	"context"
	"os"
	"testing"
	"time"

	"rollcall/matchers"
)

func TestStages(t *testing.T) {
	if os.Getenv("ROLLCALL_LONG") == "" {
		t.Skip("long")
	}
	left, right := newPopulation(7, 1_300_000).pair()
	begun := time.Now()
	result, err := matchers.Link(context.Background(), left, right, personSpecification(), matchers.Options{Progress: func(s string, d, n int64) {
		t.Logf("%.2f %s %d/%d", time.Since(begun).Seconds(), s, d, n)
	}})
	if err != nil {
		t.Fatal(err)
	}
	p, r := score(result, left, right)
	t.Logf("%.2f end %f %f %d rounds %d %v", time.Since(begun).Seconds(), p, r, result.Candidates, result.Rounds, result.Specification.Parameters.Household)
	for i, x := range result.Specification.Blocking {
		t.Log(x, result.RulePairs[i])
	}
}
