package report

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// sensitivityThresholds are the match probabilities for which lines are counted.
var sensitivityThresholds = []float64{0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999}

// restsOn is one row a line of the lists, with its kind and the probability of the
// link that it rests on: that of the line itself, or that between the person and
// the register; NULL where it rests on no link.
const restsOn = `WITH across AS (
	SELECT right_id, max(match_probability) AS probability FROM link WHERE kind = 'across' AND accepted GROUP BY right_id
), lines AS (
	SELECT p.kind || coalesce(' ' || p.tier, '') AS line, coalesce(CAST(p.match_probability AS DOUBLE), CAST(a.probability AS DOUBLE)) AS probability
	FROM proposal p LEFT JOIN across a ON a.right_id = p.subject_id
)`

// sensitivitySection says how many lines of each list would be left if links had
// to be surer.
func (m *maker) sensitivitySection(ctx context.Context) (section, error) {
	t := table{
		Caption: "Lines that would be left at a higher threshold",
		Head:    heads("List", "#Lines", "#On no link"),
		Note: "A line rests on the link between the records of which it speaks; for eligibility and registrations that is the link of the person with the register. " +
			"Counted are the lines that rest on no link or on one of at least that probability. What a link that falls away would bring about elsewhere (a person of whom no death is known any more becomes entitled again) is not in it: for that, run the job with link: {threshold: …}.",
	}
	counts := []string{"count(*)", "count(*) FILTER (probability IS NULL)"}
	for _, threshold := range sensitivityThresholds {
		t.Head = append(t.Head, heading{Title: fmt.Sprintf("≥ %g", threshold), Number: true})
		counts = append(counts, fmt.Sprintf("count(*) FILTER (probability IS NULL OR probability >= %g)", threshold))
	}
	numbers := make([]int64, len(counts))
	var err error
	t.Rows, err = collect(ctx, m.session, restsOn+" SELECT line, "+strings.Join(counts, ", ")+" FROM lines GROUP BY line ORDER BY line", func(r *sql.Rows) (row, error) {
		var line string
		into := []any{&line}
		for i := range numbers {
			into = append(into, &numbers[i])
		}
		if err := r.Scan(into...); err != nil {
			return row{}, err
		}
		cells := []string{lineTitle(line)}
		for _, n := range numbers {
			cells = append(cells, grouped(n))
		}
		return row{Cells: cells}, nil
	})
	if err != nil {
		return section{}, fmt.Errorf("count lines by the links that they rest on: %w", err)
	}
	return section{
		ID: "sensitivity", Title: "How much the lists depend on the threshold",
		About:  "Where the numbers fall little up to 0.9, the choice of the threshold matters little. Where they fall at once, look at the weakest links first.",
		Tables: []table{t},
	}, nil
}

// lineTitle names the lines of a kind and tier.
func lineTitle(line string) string {
	kind, tier, _ := strings.Cut(line, " ")
	titles := map[string]string{"exit": "Exits", "duplicate": "Duplicates", "eligibility": "Eligibility", "registration": "Registrations"}
	title, ok := titles[kind]
	if !ok {
		title = kind
	}
	return strings.TrimSpace(title + " " + tier)
}
