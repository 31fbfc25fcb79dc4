package pair

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"rollcall/matchers/assign"
)

// ChangesName is the list of what became of earlier people.
const ChangesName = "entity_changes.csv"

// The kinds of change.
const (
	changeMerged = "merged" // all of its records are in one with those of another
	changeSplit  = "split"  // some of its records are people of their own
	changeMoved  = "moved"  // some of its records are in one with those of another
	changeGone   = "gone"   // none of its records is here
)

// entityChange is what became of some records of an earlier person.
type entityChange struct {
	kind, before, now string
	records           int
}

// entities are the ids of the people found, by the row that stands for them.
type entities struct {
	ids     map[int32]string
	changes []entityChange
	given   bool // earlier ones were
}

// Inherit gives the people found the ids that an earlier clusters.csv gave them:
// each that of the earlier person with whom it has most records in common, and
// each id once. What did not stay as it was is listed.
func (o *Outcome) Inherit(previous *Table) error {
	record, entity := previous.Column("record_id"), previous.Column("entity_id")
	if record < 0 || entity < 0 {
		return refuse("%s has no columns record_id and entity_id: it is no clusters.csv", previous.Name)
	}
	order := make([]int32, o.Left.ids.len())
	for row := range order {
		order[row] = int32(row)
	}
	ids := o.Left.ids
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(ids.at(a), ids.at(b)), cmp.Compare(a, b)) })
	names := map[string]bool{}
	of := map[string]string{} // record: earlier person
	for row := range previous.Rows {
		name := previous.Columns[entity].At(row)
		names[name] = true
		of[previous.Columns[record].At(row)] = name
	}
	before := slices.Sorted(maps.Keys(names))
	now, was := make([]int32, len(order)), make([]int32, len(order))
	first := map[int32]int32{} // of the rows of a person, the first by id
	for rank, row := range order {
		stands := o.Result.Entity[row]
		if _, seen := first[stands]; !seen {
			first[stands] = int32(rank)
		}
		now[rank], was[rank] = first[stands], -1
		if name, known := of[neutral(ids.at(row))]; known {
			at, _ := slices.BinarySearch(before, name)
			was[rank] = int32(at)
		}
	}
	overlaps := assign.Overlaps(now, was)
	heirs := assign.Inherit(overlaps)
	o.entities = entities{ids: map[int32]string{}, given: true}
	byRank := o.nameEntities(order, now, before, heirs)
	o.entities.changes = changes(overlaps, before, byRank, heirs)
	kept := len(heirs)
	o.Warnings = append(o.Warnings, fmt.Sprintf("%d people keep their id of %s and %d are new; %s", kept, previous.Name, len(byRank)-kept, o.entities.told()))
	return nil
}

// nameEntities gives each person an id: the inherited one, or that of the first of
// its records that is not another's.
func (o *Outcome) nameEntities(order, now []int32, before []string, heirs map[int32]int32) map[int32]string {
	taken := map[string]bool{}
	for _, name := range before {
		taken[name] = true
	}
	byRank := map[int32]string{}
	for rank, cluster := range now {
		name, named := byRank[cluster]
		if earlier, ok := heirs[cluster]; ok && !named {
			name, named = before[earlier], true
		}
		if own := neutral(o.Left.ids.at(order[rank])); !named && !taken[own] {
			name, named = own, true
		}
		if named {
			byRank[cluster], taken[name] = name, true
		}
	}
	for rank, cluster := range now {
		if _, named := byRank[cluster]; !named { // all its records have given their ids to others
			own := neutral(o.Left.ids.at(order[rank]))
			for n := 2; ; n++ {
				if name := own + "~" + strconv.Itoa(n); !taken[name] {
					byRank[cluster], taken[name] = name, true
					break
				}
			}
		}
		o.entities.ids[o.Result.Entity[order[rank]]] = byRank[cluster]
	}
	return byRank
}

// changes lists the earlier people whose records are not all where their id is.
func changes(overlaps []assign.Overlap, before []string, names map[int32]string, heirs map[int32]int32) []entityChange {
	nowOf, beforeOf := map[int32]int{}, map[int32]int{}
	for _, o := range overlaps {
		nowOf[o.Before]++
		beforeOf[o.Now]++
	}
	var out []entityChange
	for _, o := range overlaps {
		if heir, ok := heirs[o.Now]; ok && heir == o.Before {
			continue
		}
		kind := changeMoved
		switch {
		case beforeOf[o.Now] == 1:
			kind = changeSplit
		case nowOf[o.Before] == 1:
			kind = changeMerged
		}
		out = append(out, entityChange{kind, before[o.Before], names[o.Now], o.Records})
	}
	for i, name := range before {
		if nowOf[int32(i)] == 0 {
			out = append(out, entityChange{kind: changeGone, before: name})
		}
	}
	slices.SortFunc(out, func(a, b entityChange) int { return cmp.Or(cmp.Compare(a.before, b.before), cmp.Compare(a.now, b.now)) })
	return out
}

// told counts the changes in words.
func (e entities) told() string {
	counts := map[string]int{}
	for _, c := range e.changes {
		counts[c.kind]++
	}
	return fmt.Sprintf("of earlier ones %d were merged into another, %d parts were split off, %d parts moved to another, %d are gone (%s)",
		counts[changeMerged], counts[changeSplit], counts[changeMoved], counts[changeGone], ChangesName)
}

func (o *Outcome) writeChanges(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"change", "previous_id", "entity_id", "records"}); err != nil {
		return err
	}
	for _, c := range o.entities.changes {
		if err := out.Write([]string{c.kind, c.before, c.now, strconv.Itoa(c.records)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// entityID is the id of the person that a row stands for.
func (o *Outcome) entityID(row int32) string {
	if id, inherited := o.entities.ids[row]; inherited {
		return id
	}
	return neutral(o.Left.ids.at(row))
}
