package matchers_test

import (
	"flag"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain takes fewer drawn cases than rapid's hundred, as each of them trains a
// model; make test-long takes them all.
func TestMain(m *testing.M) {
	if os.Getenv("ROLLCALL_LONG") == "" {
		if err := flag.Set("rapid.checks", "25"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}
