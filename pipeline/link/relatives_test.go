package link

import (
	"testing"

	"rollcall/pipeline/facts/scenario"
)

// TestLiving: of two members a household tells what the one is to the other by what both
// are to the head; what cannot be has its reason, and an institution tells nothing.
func TestLiving(t *testing.T) {
	const inmates = `
		i01 | sp | i | head | female |
		i02 | sp | i | child | female |`
	for _, c := range []struct {
		name, members string
		want          []string
	}{
		{
			"three generations",
			`grandmother | sp | h | parent | female | 1930-02-02
			 mother | sp | h | head | female | 1960-02-02
			 father | sp | h | spouse | male | 1958-02-02
			 child | sp | h | child | male | 1985-02-02
			 wife | sp | h | in_law | female | 1986-02-02
			 lodger | sp | h | other | male | 1980-02-02`,
			[]string{"child|father|father|", "child|mother|mother|", "mother|father|spouse|", "mother|grandmother|mother|"},
		},
		{
			"two wives of one man, and a member of whom no relation is known",
			`man | sp | h | head | male | 1950-02-02
			 first | sp | h | spouse | female | 1955-02-02
			 second | sp | h | spouse | female | 1965-02-02
			 someone | sp | h | | female | 1990-02-02`,
			[]string{"man|first|spouse|", "man|second|spouse|"},
		},
		{
			"a head of unknown sex, and a child who is older",
			`head | sp | h | head | | 1990-02-02
			 wife | sp | h | spouse | female | 1970-02-02
			 child | sp | h | child | male | 1969-02-02`,
			[]string{"child|wife|mother|young", "head|wife|spouse|"},
		},
		{
			"two households, and a birth",
			`a | sp | h | head | female | 1950-02-02
			 b | sp | g | child | female | 1980-02-02
			 c | crvs | | child | female | 1980-02-02`,
			[]string{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("mention", "mention_id side household_id relationship_to_head sex birth", c.members+inmates)
			w.Exec("INSERT INTO mention (mention_id, side, household_id, relationship_to_head) SELECT 'j' || n, 'sp', 'i', 'other' FROM range(39) AS t(n)")
			scenario.Same(t, "told", c.want, w.Lines("SELECT person, relative, relation, coalesce(reason, '') FROM ("+livingSQL()+") ORDER BY ALL"))
		})
	}
}
