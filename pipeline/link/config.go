// Package link finds who is who: mentions of the register into persons, members
// of the roster into persons, and the persons of one side with those of the
// other. It is the border to the matchers: Parquet columns in, links out.
package link

import "rollcall/matchers/model"

// Config is the link section of a job. A nil specification is made from the
// canonical columns.
type Config struct {
	Register *model.Specification // mentions of the register with each other
	Roster   *model.Specification // members of the roster with each other
	Across   *model.Specification // register persons with roster persons
	// PersonsAlone leaves out what relatives say of who is who.
	PersonsAlone bool
}
