package cases

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Reviewer is how one person judged what runs proposed.
type Reviewer struct {
	Person string `json:"person"`
	// Agreed counts what was verified, approved or settled; Overturned what was
	// withdrawn or reinstated.
	Agreed     int `json:"agreed"`
	Overturned int `json:"overturned"`
	// MedianDays is how long the cases stood where they were before the judgement.
	MedianDays int `json:"median_days"`
	// MedianSeconds is from one judgement to the next of the same sitting, for those
	// that were entered one by one; -1 where there are none.
	MedianSeconds int `json:"median_seconds"`
	// Rubber says that the person agreed with everything, and faster than anybody reads.
	Rubber bool `json:"agrees_with_everything_at_once"`
}

// Judged is the number of judgements.
func (r Reviewer) Judged() int { return r.Agreed + r.Overturned }

// Overturns counts the judgements of cases of one sort.
type Overturns struct {
	Kind       string `json:"kind"`
	Tier       string `json:"tier"`
	Programme  string `json:"programme"`
	Judged     int    `json:"judged"`
	Overturned int    `json:"overturned"`
}

// Reviews is what the judgements of a job amount to.
type Reviews struct {
	Reviewers []Reviewer  `json:"reviewers"`
	By        []Overturns `json:"overturned_by"`
	// Twice counts the rounds in which two people judged one case, one after the other,
	// and Same those in which the second agreed with the first.
	Twice int `json:"judged_twice"`
	Same  int `json:"agreed_with_the_first"`
}

// A judgement within fewSeconds of the one before is none that anybody can have read
// two records for; one beyond a sitting says nothing of pace. From enough on,
// agreeing with everything is no chance (a 100% agree rate is an audit finding).
const (
	fewSeconds = 10
	sitting    = 15 * time.Minute
	enough     = 20
)

// agrees tells whether an act agrees with the run, and whether it judges at all.
func agrees(a Act) (agreed, judges bool) {
	switch a {
	case Verify, Approve, Settle:
		return true, true
	case Withdraw, Reinstate:
		return false, true
	default:
		return false, false
	}
}

// Review sums up the judgements of cases with their histories.
func Review(list []Case) Reviews {
	type sort struct{ kind, tier, programme string }
	people, by, out := map[string][]judgement{}, map[sort]*Overturns{}, Reviews{}
	for _, c := range list {
		first := judgement{}
		since := c.OpenedOn
		for _, d := range c.History {
			if d.Act == Propose {
				first, since = judgement{}, d.On
				continue
			}
			agreed, judges := agrees(d.Act)
			if !judges {
				continue
			}
			j := judgement{person: d.Decider(), agreed: agreed, days: int(d.On.Sub(since).Hours() / 24), at: d.RecordedAt, alone: d.For == ""}
			people[j.person] = append(people[j.person], j)
			k := sort{c.Kind, c.Tier, c.Programme}
			if by[k] == nil {
				by[k] = &Overturns{Kind: k.kind, Tier: k.tier, Programme: k.programme}
			}
			by[k].Judged++
			if !agreed {
				by[k].Overturned++
			}
			if first.person != "" && first.person != j.person {
				out.Twice++
				if agreed == first.agreed {
					out.Same++
				}
			}
			first, since = j, d.On
		}
	}
	for _, person := range slices.Sorted(maps.Keys(people)) {
		out.Reviewers = append(out.Reviewers, reviewer(person, people[person]))
	}
	for _, o := range by {
		out.By = append(out.By, *o)
	}
	slices.SortFunc(out.By, func(a, b Overturns) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Tier, b.Tier), cmp.Compare(a.Programme, b.Programme))
	})
	return out
}

// judgement is one act by which a person judges a case.
type judgement struct {
	person string
	agreed bool
	days   int
	at     time.Time
	alone  bool // entered by the person himself
}

func reviewer(person string, list []judgement) Reviewer {
	r := Reviewer{Person: person, MedianSeconds: -1}
	slices.SortStableFunc(list, func(a, b judgement) int { return a.at.Compare(b.at) })
	var days, seconds []int
	for i, j := range list {
		if j.agreed {
			r.Agreed++
		} else {
			r.Overturned++
		}
		days = append(days, j.days)
		if i > 0 && j.alone && list[i-1].alone {
			if pace := j.at.Sub(list[i-1].at); pace <= sitting {
				seconds = append(seconds, int(pace.Seconds()))
			}
		}
	}
	r.MedianDays = median(days)
	if len(seconds) > 0 {
		r.MedianSeconds = median(seconds)
	}
	r.Rubber = r.Overturned == 0 && len(seconds)+1 >= enough && r.MedianSeconds < fewSeconds
	return r
}

func median(of []int) int {
	slices.Sort(of)
	return of[len(of)/2]
}

// Verdict is what people judged of one case, for later runs.
type Verdict struct {
	CaseID, Kind, Tier, Programme, MentionID string

	Overturned bool // by the last judgement
	Days       int  // that the case stood before its first judgement
	// Twice counts the judgements that followed one of another person, Alike those of
	// them that agreed with it.
	Twice, Alike int
}

// VerdictOn is what people judged of a case with its history; false where nobody has.
func VerdictOn(c Case) (v Verdict, judged bool) {
	v = Verdict{CaseID: c.CaseID, Kind: c.Kind, Tier: c.Tier, Programme: c.Programme, MentionID: c.MentionID}
	r := Review([]Case{c})
	v.Twice, v.Alike = r.Twice, r.Same
	opened := c.OpenedOn
	for _, d := range c.History {
		if d.Act == Propose && !judged {
			opened = d.On
		}
		agreed, judges := agrees(d.Act)
		if !judges {
			continue
		}
		if !judged {
			v.Days = int(d.On.Sub(opened).Hours() / 24)
		}
		v.Overturned, judged = !agreed, true
	}
	return v, judged
}
