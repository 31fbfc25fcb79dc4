package link

import (
	"context"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"rollcall/matchers/family"
	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

const (
	actors  = "mention_id side event_id role sex"
	members = "mention_id side household_id role"
	joins   = "mention_id person_id side"
	links   = "kind left_id right_id accepted match_weight_bits match_probability"
)

// withFamilies writes the families of a world and their links.
func withFamilies(w *scenario.World) {
	w.Settle()
	w.Exec("INSERT INTO event (event_id, event_type) SELECT DISTINCT event_id, CASE event_id[1] WHEN 'b' THEN 'birth' WHEN 'd' THEN 'death' ELSE 'marriage' END FROM mention WHERE event_id IS NOT NULL")
	w.Without("family", "family_link")
	w.Stage("link", func(ctx context.Context, s *store.Session, st *store.Stage) error {
		return (&maker{session: s, stage: st}).families(ctx)
	})
}

func familiesOf(w *scenario.World) []string {
	return w.Lines("SELECT family_id, string_agg(role || ' ' || person_id, ', ' ORDER BY role, person_id) FROM family GROUP BY family_id ORDER BY family_id")
}

// TestFamilies: a family is parents with their children, whoever else the parents
// have children with.
func TestFamilies(t *testing.T) {
	for _, c := range []struct {
		name, mentions, clusters string
		want                     []string
	}{
		{
			"the second birth of a couple",
			`b1c | crvs | b1 | child |
			 b1m | crvs | b1 | mother |
			 b1f | crvs | b1 | father |
			 b2c | crvs | b2 | child |
			 b2m | crvs | b2 | mother |
			 b2f | crvs | b2 | father |`,
			"b2m | b1m | crvs \n b2f | b1f | crvs",
			[]string{"b1m+b1f|child b1c, child b2c, father b1f, mother b1m"},
		},
		{
			"a mother who married again, and a father of two wives' children",
			`b1c | crvs | b1 | child |
			 b1m | crvs | b1 | mother |
			 b1f | crvs | b1 | father |
			 b2c | crvs | b2 | child |
			 b2m | crvs | b2 | mother |
			 b2f | crvs | b2 | father |
			 b3c | crvs | b3 | child |
			 b3m | crvs | b3 | mother |
			 b3f | crvs | b3 | father |`,
			"b2m | b1m | crvs \n b3f | b1f | crvs",
			[]string{"b1m+b1f|child b1c, father b1f, mother b1m", "b1m+b2f|child b2c, father b2f, mother b1m", "b3m+b1f|child b3c, father b1f, mother b3m"},
		},
		{
			"no father named once",
			`b1c | crvs | b1 | child |
			 b1m | crvs | b1 | mother |
			 b2c | crvs | b2 | child |
			 b2m | crvs | b2 | mother |
			 b2f | crvs | b2 | father |
			 b3c | crvs | b3 | child |
			 b3f | crvs | b3 | father |`,
			"b2m | b1m | crvs",
			[]string{"b1m|child b1c, mother b1m", "b1m+b2f|child b2c, father b2f, mother b1m", "b3f|child b3c, father b3f"},
		},
		{
			"a grown child with a child, and her husband",
			`b1c | crvs | b1 | child | female
			 b1m | crvs | b1 | mother |
			 w1b | crvs | w1 | bride |
			 w1g | crvs | w1 | groom |
			 b2c | crvs | b2 | child |
			 b2m | crvs | b2 | mother |
			 b2f | crvs | b2 | father |`,
			"w1b | b1c | crvs \n b2m | b1c | crvs \n w1g | b2f | crvs",
			[]string{"b1c+b2f|child b2c, father b2f, mother b1c", "b1m|child b1c, mother b1m"},
		},
		{
			"couples without children: the wife is first, as she will be when one comes",
			`w1g | crvs | w1 | groom |
			 w1b | crvs | w1 | bride |
			 d1d | crvs | d1 | deceased | male
			 d1s | crvs | d1 | spouse |
			 d2s | crvs | d2 | spouse |
			 d2d | crvs | d2 | deceased |`,
			"",
			[]string{"d1s+d1d|spouse d1d, spouse d1s", "d2d+d2s|spouse d2d, spouse d2s", "w1b+w1g|spouse w1b, spouse w1g"},
		},
		{
			"two registrations of one birth: the parents that both counts or most tell",
			`b1c | crvs | b1 | child |
			 b1m | crvs | b1 | mother |
			 b2c | crvs | b2 | child |
			 b2m | crvs | b2 | mother |
			 b2f | crvs | b2 | father |`,
			"b2c | b1c | crvs",
			[]string{"b1m|alone b1m", "b2m+b2f|child b1c, father b2f, mother b2m"},
		},
		{
			"a death with parents, one without relatives, and who only told of it",
			`d1d | crvs | d1 | deceased |
			 d1m | crvs | d1 | mother |
			 d2d | crvs | d2 | deceased |
			 d2i | crvs | d2 | informant |`,
			"",
			[]string{"d1m|child d1d, mother d1m", "d2d|alone d2d", "d2i|alone d2i"},
		},
		{
			"a mother who is a man is not the mother",
			`b1c | crvs | b1 | child |
			 b1m | crvs | b1 | mother | male
			 b1f | crvs | b1 | father |`,
			"",
			[]string{"b1f|child b1c, father b1f", "b1m+b1f|spouse b1f, spouse b1m"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("mention", actors, c.mentions)
			w.Add("mention", members, "m1 | sp | h1 | member")
			w.Add("cluster", joins, c.clusters)
			withFamilies(w)
			scenario.Same(t, "families", c.want, familiesOf(w))
		})
	}
}

// village is a couple with two children, and households of which members may be they.
const village = `
	b1c | crvs | b1 | child |
	b1m | crvs | b1 | mother |
	b1f | crvs | b1 | father |
	b2c | crvs | b2 | child |
	d9d | crvs | d9 | deceased |`

// TestFamilyLinks: a family and a household are one by two persons, or by the only one
// of either; what the links leave open is added up.
func TestFamilyLinks(t *testing.T) {
	for _, c := range []struct {
		name, links string
		want        []string
	}{
		{
			"two who are sure, in a household of three", `
			across | b1m | m1 | true | 20.5 | 1
			across | b1c | m2 | true | 10 | 1`,
			[]string{"b1m+b1f|h1|true|30.500|1.000000|[b1c=m2, b1m=m1]|3|3"},
		},
		{
			"one who is sure", "across | b1m | m1 | true | 20 | 1",
			[]string{"b1m+b1f|h1|false|20.000|0.000000|[b1m=m1]|3|3"},
		},
		{
			"the only member of a household, likely", "across | b1m | m4 | true | 20 | 0.9",
			[]string{"b1m+b1f|h2|true|20.000|0.900000|[b1m=m4]|3|1"},
		},
		{
			"a person alone", "across | d9d | m3 | true | 20 | 0.75",
			[]string{"d9d|h1|true|20.000|0.750000|[d9d=m3]|1|3"},
		},
		{
			"one who is sure and two who may be", `
			across | b1m | m1 | true | 20 | 1
			across | b1c | m2 | false | 0 | 0.25
			across | b1f | m3 | false | 0 | 0.4`,
			[]string{"b1m+b1f|h1|true|20.000|0.550000|[b1m=m1]|3|3"}, // 1 - 0.75 x 0.6
		},
		{
			"one who may be either of two members is one person", `
			across | b1m | m1 | false | 0 | 0.5
			across | b1m | m2 | false | 0 | 0.5
			across | b1f | m3 | false | 0 | 0.3`,
			[]string{"b1m+b1f|h1|false|0.000|0.300000|[]|3|3"},
		},
		{
			"members of an institution, and pairs within the register", `
			across | b1m | i1 | true | 20 | 1
			across | b1c | i2 | true | 20 | 1
			register | b1m | b1f | true | 20 | 1`,
			[]string{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := scenario.New(t)
			w.Add("mention", actors, village)
			w.Add("mention", members, "m1 | sp | h1 | member \n m2 | sp | h1 | member \n m3 | sp | h1 | member \n m4 | sp | h2 | member \n m5 | sp | | member")
			w.Exec(fmt.Sprintf("INSERT INTO mention (mention_id, side, household_id, role) SELECT 'i' || i, 'sp', 'institution', 'member' FROM range(%d) r(i)", family.MostMembers+1))
			w.Add("link", links, c.links)
			withFamilies(w)
			scenario.Same(t, "links", c.want, w.Lines("SELECT family_id, household_id, accepted, match_weight_bits, match_probability, matched, persons, members FROM family_link ORDER BY ALL"))
		})
	}
}

// TestFamilyLinkProbability: the probability of a link is that of the definition, over
// all that may be true of the persons of the family.
func TestFamilyLinkProbability(t *testing.T) {
	w := scenario.New(t)
	w.Without("family", "family_link")
	for _, table := range []tables.Table{tables.Family(), tables.FamilyLink()} {
		w.Exec(table.CreateSQL(table.Name))
	}
	rapid.Check(t, func(t *rapid.T) {
		thousandths := rapid.SliceOfN(rapid.IntRange(1, 1000), 1, 6).Draw(t, "thousandths")
		living := rapid.IntRange(1, 6).Draw(t, "members")
		for _, table := range []string{"mention", "cluster", "person", "link", "family", "family_link"} {
			w.Exec("DELETE FROM " + table)
		}
		for i := range living {
			w.Exec(fmt.Sprintf("INSERT INTO mention (mention_id, side, household_id, role) VALUES ('m%d', 'sp', 'h', 'member')", i))
			w.Exec(fmt.Sprintf("INSERT INTO cluster VALUES ('m%d', 'm%[1]d', 'sp', 1)", i))
		}
		for i, p := range thousandths {
			w.Exec(fmt.Sprintf("INSERT INTO family VALUES ('f', 'p%d', 'child')", i))
			w.Exec(fmt.Sprintf("INSERT INTO link (kind, left_id, right_id, accepted, match_weight_bits, match_probability) VALUES ('across', 'p%d', 'm%d', true, 1, %d / 1000)", i, i%living, p))
		}
		var got float64
		if err := w.Session.Row(context.Background(), fmt.Sprintf("SELECT CAST(match_probability AS DOUBLE) FROM (%s)", familyLinkQuery()), &got); err != nil {
			t.Fatal(err)
		}
		want := 0.0
		for world := range 1 << len(thousandths) {
			p, shared := 1.0, 0
			for i, n := range thousandths {
				if world>>i&1 == 1 {
					p *= float64(n) / 1000
					shared++
				} else {
					p *= 1 - float64(n)/1000
				}
			}
			if shared >= 2 || shared == 1 && min(len(thousandths), living) == 1 {
				want += p
			}
		}
		if math.Abs(got-want) > 1e-6 {
			t.Fatalf("probability %.6f, and over all worlds %.6f", got, want)
		}
	})
}
