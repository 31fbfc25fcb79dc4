package config

import (
	"testing"

	"rollcall/connectors/all"
)

// TestReference: the page of all fields is what the declarations say.
func TestReference(t *testing.T) {
	golden(t, "../../docs/job-file.md", Reference(all.Registry()))
}
