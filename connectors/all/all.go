// Package all lists the connectors that come with the program.
package all

import (
	"rollcall/connectors"
	"rollcall/connectors/files"
	"rollcall/connectors/postgres"
)

// Registry is the list, written by hand.
func Registry() connectors.Registry {
	return connectors.Registry{
		files.Connector(),
		postgres.Connector(),
	}
}
