package link

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"rollcall/matchers"
	"rollcall/matchers/assign"
	"rollcall/matchers/model"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Kinds of linkage, in the order in which they are made.
const (
	KindRegister = "register" // the mentions of the register, by their ids
	KindRoster   = "roster"   // those of the roster
	KindAcross   = "across"   // the persons of both
)

// Scales weigh any two records of a run as one linkage of it weighed those that its
// blocking rules brought together.
type Scales struct {
	spec        model.Specification
	scales      *matchers.Scales
	left, right []string            // ids, ascending
	listed      map[string]string   // by when somebody was listed, with the bits that the run learnt for it
	parts       map[string][]string // ids of the parts of persons that have several
}

// Weighed is what a linkage would have said of two records.
type Weighed struct {
	matchers.Weighed
	Listed string // when the one was listed, as ParseListed reads it; "" where that says nothing
	// InParts says of the person of the register and that of the roster whether it was
	// compared with the other side in parts, which were then put together: these are the parts
	// that are more like each other.
	InParts [2]bool
}

// NewScales reads the records of a finished run, of which the session has the tables and
// the SQL functions, and the report. The folder is for what is laid out on the way.
func NewScales(ctx context.Context, s *store.Session, folder string, cfg Config, work Work, l Linkage) (*Scales, error) {
	types, err := identifierTypes(ctx, s)
	if err != nil {
		return nil, err
	}
	m := &maker{session: s, folder: folder, config: cfg, work: work, types: types}
	if err := s.Exec(ctx, tables.AreaUnits(work.Areas)); err != nil {
		return nil, fmt.Errorf("lay out areas: %w", err)
	}
	out := &Scales{parts: map[string][]string{}}
	if l.Kind == KindAcross {
		if out.parts, err = m.takeApart(ctx); err != nil {
			return nil, fmt.Errorf("take persons apart: %w", err)
		}
	}
	left, right, given, err := m.compared(ctx, l.Kind)
	if err != nil {
		return nil, err
	}
	spec, written := l.Specification, false
	out.spec, out.left, out.right = spec, left.IDs, left.IDs
	if right != nil {
		out.right = right.IDs
	}
	if given != nil {
		spec.Frozen, written = given.Frozen, given.Blocking != nil && given.Parameters == nil
	}
	if out.scales, err = matchers.NewScales(left, right, spec, written, work.Options); err != nil {
		return nil, err
	}
	if l.Kind == KindAcross {
		out.listed, err = m.listed(ctx)
	}
	return out, err
}

// compared are the files of a linkage, of which the right one is nil within one side, and
// what the job gave for it.
func (m *maker) compared(ctx context.Context, kind string) (left, right *matchers.File, given *model.Specification, err error) {
	if kind == KindAcross {
		left, right, err = m.bothSides(ctx)
		return left, right, m.config.Across, err
	}
	mentions, members, err := m.mentions(ctx)
	if kind == KindRoster {
		return members.file, nil, m.config.Roster, err
	}
	return mentions.file, nil, m.config.Register, err
}

// listed is what the links say of when people were listed, by when that was.
func (m *maker) listed(ctx context.Context) (map[string]string, error) {
	rows, err := m.session.Query(ctx, fmt.Sprintf(`SELECT DISTINCT substr(a, length('%[2]s=') + 1)
FROM (SELECT unnest(agreement) AS a FROM link WHERE kind = '%[1]s') WHERE starts_with(a, '%[2]s=')`, KindAcross, ListedName))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read when people were listed: %w", err)
		}
		when, _, err := ParseListed(text)
		if err != nil {
			return nil, err
		}
		out[when] = text
	}
	return out, rows.Err()
}

// Weigh compares two records, by their ids.
func (s *Scales) Weigh(leftID, rightID string) (w Weighed, err error) {
	left, right := s.partsOf(leftID), s.partsOf(rightID)
	if len(left)+len(right) == 2 {
		return s.weigh(left[0], right[0])
	}
	best, listed := math.Inf(-1), ""
	for _, part := range left {
		for _, other := range right {
			of, err := s.weigh(part, other)
			if err != nil {
				return w, err
			}
			told, err := model.Explain(s.spec, of.Levels)
			if err != nil {
				return w, err
			}
			listed = cmp.Or(of.Listed, listed) // one birth or death is that of all parts
			if told.WeightBits > best {
				w, best = of, told.WeightBits
			}
		}
	}
	w.Listed, w.InParts = listed, [2]bool{len(left) > 1, len(right) > 1}
	return w, nil
}

// partsOf are the parts of a person, or the person.
func (s *Scales) partsOf(id string) []string {
	if parts := s.parts[id]; len(parts) > 0 {
		return parts
	}
	return []string{id}
}

func (s *Scales) weigh(leftID, rightID string) (w Weighed, err error) {
	left, known := slices.BinarySearch(s.left, leftID)
	if !known {
		return w, fmt.Errorf("weigh two records: the linkage has no %s", leftID)
	}
	right, known := slices.BinarySearch(s.right, rightID)
	if !known {
		return w, fmt.Errorf("weigh two records: the linkage has no %s", rightID)
	}
	if w.Weighed, err = s.scales.Weigh(int32(left), int32(right)); err != nil {
		return w, err
	}
	if w.Lapse.Tells() {
		w.Listed = s.listed[w.Lapse.String()]
	}
	return w, nil
}

// takeApart brings back the persons of both sides as they were when they were compared
// with each other, which put parts of some together; see parted, reunite and
// reuniteRoster. It gives the parts of those.
func (m *maker) takeApart(ctx context.Context) (map[string][]string, error) {
	of, err := m.partsOf(ctx)
	if err != nil || len(of) == 0 {
		return nil, err
	}
	file := m.path("parts.parquet")
	rows, err := newRowFile(file, "mention_id", "part_id")
	if err != nil {
		return nil, err
	}
	parts := map[string][]string{}
	for _, mention := range slices.Sorted(maps.Keys(of)) {
		person, part := of[mention][0], of[mention][1]
		if !slices.Contains(parts[person], part) {
			parts[person] = append(parts[person], part)
		}
		rows.text(0, mention)
		rows.text(1, part)
		if err := rows.end(ctx); err != nil {
			return nil, err
		}
	}
	if err := rows.close(); err != nil {
		return nil, err
	}
	return parts, m.session.Exec(ctx, fmt.Sprintf(apartAgainSQL, tables.Literal(file), personParts, personQuery()))
}

const (
	// The mentions, each beside itself and those that are one with it whatever the other side
	// says.
	sureSQL = `SELECT person_id, mention_id AS left_id, mention_id AS right_id FROM cluster
UNION ALL
SELECT a.person_id, l.left_id, l.right_id FROM link l
JOIN cluster a ON a.mention_id = l.left_id JOIN cluster b ON b.mention_id = l.right_id AND b.person_id = a.person_id
WHERE l.kind <> '%s' AND l.joined_by IS NULL AND (l.kind = '%s' OR l.match_probability >= %g OR l.decision = 'same')
ORDER BY ALL`

	apartAgainSQL = `CREATE TABLE part AS SELECT c.* REPLACE (coalesce(p.part_id, c.person_id) AS person_id)
FROM cluster c LEFT JOIN read_parquet(%s) p USING (mention_id);
CREATE OR REPLACE VIEW cluster AS FROM part;
%s;
CREATE TABLE part_person AS %s;
CREATE OR REPLACE VIEW person AS FROM part_person`
)

// partsOf are the person and the part of each mention whose person has several parts.
func (m *maker) partsOf(ctx context.Context) (map[string][2]string, error) {
	rows, err := m.session.Query(ctx, fmt.Sprintf(sureSQL, KindAcross, KindRoster, sureJoin))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var mentions numbers
	var edges []assign.Edge
	persons := map[int32]string{}
	for rows.Next() {
		var person, left, right string
		if err := rows.Scan(&person, &left, &right); err != nil {
			return nil, err
		}
		e := assign.Edge{Left: mentions.of(left), Right: mentions.of(right)}
		persons[e.Left], edges = person, append(edges, e)
	}
	parts := map[string]map[int32]bool{}
	components := assign.Components(len(mentions.ids), edges)
	for i, part := range components {
		if parts[persons[int32(i)]] == nil {
			parts[persons[int32(i)]] = map[int32]bool{}
		}
		parts[persons[int32(i)]][part] = true
	}
	out := map[string][2]string{}
	for i, part := range components {
		if person := persons[int32(i)]; len(parts[person]) > 1 {
			out[mentions.ids[i]] = [2]string{person, fmt.Sprintf("%s part %d", person, part)}
		}
	}
	return out, rows.Err()
}
