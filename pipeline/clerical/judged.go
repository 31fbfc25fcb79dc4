package clerical

import (
	"context"
	"database/sql"
	"fmt"

	"rollcall/matchers/quality"
	"rollcall/pipeline/store"
	"rollcall/pipeline/tables"
)

// Stratum is a row of the table stratum: pairs of which some were drawn, and what the
// run expects of them.
type Stratum struct {
	Kind      string       `json:"kind"`
	Fate      quality.Fate `json:"fate"`
	From      float64      `json:"probability_from"`
	To        float64      `json:"probability_to"`
	Pairs     int          `json:"pairs"`
	Drawn     int          `json:"drawn"`
	Mean      float64      `json:"mean_probability"`
	Precision [3]float64   `json:"precision"` // of all of the kind: low, middle, high
	Recall    [3]float64   `json:"recall"`
}

// Count is how many pairs of a stratum were judged how.
type Count struct {
	Stratum
	Same, Different, Unsure int
	Twice, Alike            int // judged by two people, and of them those judged alike
}

// Judged is what people judged of the pairs that a run drew; zero when nothing came
// back yet.
type Judged struct {
	RunID  string
	Counts []Count // all strata of the run, in their order
}

const stratumList = `kind, fate, CAST(probability_from AS DOUBLE), CAST(probability_to AS DOUBLE), pairs, drawn, CAST(mean_probability AS DOUBLE),
 CAST(precision_low AS DOUBLE), CAST("precision" AS DOUBLE), CAST(precision_high AS DOUBLE), CAST(recall_low AS DOUBLE), CAST(recall AS DOUBLE), CAST(recall_high AS DOUBLE)`

// into are the places into which a row of stratumList is read.
func (s *Stratum) into() []any {
	return []any{
		&s.Kind, &s.Fate, &s.From, &s.To, &s.Pairs, &s.Drawn, &s.Mean,
		&s.Precision[0], &s.Precision[1], &s.Precision[2], &s.Recall[0], &s.Recall[1], &s.Recall[2],
	}
}

// literal is the row as SQL, in the order of stratumList.
func (s Stratum) literal() string {
	row := fmt.Sprintf("%s, '%s', %.6f, %.6f, %d, %d, %.6f", tables.Literal(s.Kind), s.Fate, s.From, s.To, s.Pairs, s.Drawn, s.Mean)
	for _, x := range [][3]float64{s.Precision, s.Recall} {
		row += fmt.Sprintf(", %.6f, %.6f, %.6f", x[0], x[1], x[2])
	}
	return row
}

// Strata reads the strata of a run. The session has the table stratum.
func Strata(ctx context.Context, s *store.Session) ([]Stratum, error) {
	var out []Stratum
	err := each(ctx, s, "SELECT "+stratumList+" FROM stratum ORDER BY kind, fate, probability_from", func(rows *sql.Rows) error {
		var one Stratum
		err := rows.Scan(one.into()...)
		out = append(out, one)
		return err
	})
	return out, err
}

// Place is the stratum of a pair that was drawn.
type Place struct {
	Kind string
	Fate quality.Fate
	From float64
}

// Places are the strata of the pairs that were drawn, by the number of the pair. The
// session has the table sample.
func Places(ctx context.Context, s *store.Session) (map[int]Place, error) {
	out := map[int]Place{}
	err := each(ctx, s, "SELECT pair, kind, fate, CAST(probability_from AS DOUBLE) FROM sample ORDER BY pair", func(rows *sql.Rows) error {
		var number int
		var p Place
		err := rows.Scan(&number, &p.Kind, &p.Fate, &p.From)
		out[number] = p
		return err
	})
	return out, err
}

// Load makes the table judgement.
func Load(ctx context.Context, s *store.Session, j Judged) error {
	if err := s.Exec(ctx, tables.Judgement().CreateSQL(tables.Judgement().Name)); err != nil {
		return err
	}
	for _, c := range j.Counts {
		err := s.Exec(ctx, fmt.Sprintf(`INSERT INTO judgement (kind, fate, probability_from, probability_to, pairs, drawn, mean_probability,
 precision_low, "precision", precision_high, recall_low, recall, recall_high, run_id, same, different, unsure, twice, alike)
 VALUES (%s, %s, %d, %d, %d, %d, %d)`, c.literal(), tables.Literal(j.RunID), c.Same, c.Different, c.Unsure, c.Twice, c.Alike))
		if err != nil {
			return fmt.Errorf("load judgements: %w", err)
		}
	}
	return nil
}

// ReadJudged reads the table judgement.
func ReadJudged(ctx context.Context, s *store.Session) (j Judged, err error) {
	query := "SELECT " + stratumList + ", run_id, same, different, unsure, twice, alike FROM judgement ORDER BY kind, fate, probability_from"
	err = each(ctx, s, query, func(rows *sql.Rows) error {
		var c Count
		err := rows.Scan(append(c.into(), &j.RunID, &c.Same, &c.Different, &c.Unsure, &c.Twice, &c.Alike)...)
		j.Counts = append(j.Counts, c)
		return err
	})
	return j, err
}

// Estimate is what the judgements of one kind say, beside what the run expected.
type Estimate struct {
	Kind              string
	Strata            []quality.Stratum
	Counts            []Count
	Judgement         quality.Judgement
	Unscored          quality.Interval // true pairs that were never scored, by the run's own estimate
	Precision, Recall [3]float64       // that the run expected
	Judged            int
}

// Estimates are the kinds of which somebody judged pairs.
func (j Judged) Estimates() []Estimate {
	var out []Estimate
	for _, kind := range []string{"across", "register", "roster"} {
		e := Estimate{Kind: kind}
		right, below := 0.0, 0.0
		for _, c := range j.Counts {
			if c.Kind != kind {
				continue
			}
			e.Counts = append(e.Counts, c)
			e.Strata = append(e.Strata, quality.Stratum{Fate: c.Fate, From: c.From, To: c.To, Pairs: c.Pairs, Mean: c.Mean, Yes: c.Same, No: c.Different, Unsure: c.Unsure})
			e.Precision, e.Recall = c.Precision, c.Recall
			e.Judged += c.Same + c.Different + c.Unsure
			if c.Fate == quality.Accepted {
				right += c.Mean * float64(c.Pairs)
			} else {
				below += c.Mean * float64(c.Pairs)
			}
		}
		if e.Judged == 0 {
			continue
		}
		e.Unscored = quality.Unscored(e.Recall, right, below)
		e.Judgement = quality.Judge(e.Strata, e.Unscored)
		out = append(out, e)
	}
	return out
}
