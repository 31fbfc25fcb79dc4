package matchers_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/matchers"
	"rollcall/matchers/dictionary"
	"rollcall/matchers/model"
)

// columnKinds is what the columns of the labelled data hold, by hand.
var columnKinds = map[string]model.Kind{
	"given_name": model.GivenName, "first_name": model.GivenName, "surname": model.FamilyName, "last_name": model.FamilyName,
	"middle_initial": model.Category, "street_number": model.HouseNumber, "address_1": model.Address, "address_2": model.Address,
	"suburb": model.Place, "city": model.Place, "birth_place": model.Place, "occupation": model.Place, "district": model.Place,
	"postcode": model.Postcode, "postcode_fake": model.Postcode, "state": model.Category, "gender": model.Category,
	"sex": model.Category, "date_of_birth": model.Date, "dob": model.Date, "soc_sec_id": model.Identifier,
	"uganda_nin": model.Identifier, "art_number": model.Identifier, "national_id": model.Identifier,
	"phone_number": model.Phone, "email": model.Email, "mother_name": model.FullName, "age": model.HouseNumber,
}

// own are columns of a kind that households share but these do not.
var own = []string{"sex", "gender", "middle_initial", "age", "occupation", "birth_place"}

var identifying = []string{"soc_sec_id", "phone_number", "uganda_nin", "art_number"}

func sharedKind(column string) bool {
	switch columnKinds[column] {
	case model.GivenName, model.Date, model.Identifier, model.Email:
		return false
	}
	return !slices.Contains(own, column)
}

// labelled is a data set with its truth and the least that must be reached.
type labelled struct {
	name, folder      string
	files, ids        []string
	truth             string
	without           bool // leave identifiers out
	long              bool
	precision, recall float64
}

var labelledSets = []labelled{
	{name: "febrl1", files: []string{"records.csv"}, ids: []string{"rec_id"}, precision: .999, recall: .999},
	{name: "febrl2", files: []string{"records.csv"}, ids: []string{"rec_id"}, precision: .998, recall: .998},
	{name: "febrl2", files: []string{"records.csv"}, ids: []string{"rec_id"}, without: true, precision: .997, recall: .997},
	{name: "febrl4", files: []string{"a.csv", "b.csv"}, ids: []string{"rec_id", "rec_id"}, precision: .999, recall: .999},
	{name: "febrl4", files: []string{"a.csv", "b.csv"}, ids: []string{"rec_id", "rec_id"}, without: true, precision: .998, recall: .998},
	{name: "febrl_dsgen_A_10000", files: []string{"records.csv"}, ids: []string{"rec_id"}, precision: .999, recall: .999},
	{name: "febrl_dsgen_C_10000", files: []string{"records.csv"}, ids: []string{"rec_id"}, precision: .998, recall: .998},
	{name: "febrl_dsgen_C_10000", files: []string{"records.csv"}, ids: []string{"rec_id"}, without: true, precision: .995, recall: .992},
	{name: "febrl_dsgen_D_10000", files: []string{"a.csv", "b.csv"}, ids: []string{"rec_id", "rec_id"}, precision: .999, recall: .999},
	{name: "clkhash_dirty_1000", files: []string{"a.csv", "b.csv"}, ids: []string{"uid", "uid"}, precision: .998, recall: .998},
	{name: "opencr_uganda", files: []string{"records.csv"}, ids: []string{"rec_id"}, precision: .998, recall: .998},
	{name: "opencr_uganda", files: []string{"records.csv"}, ids: []string{"rec_id"}, without: true, precision: .985, recall: .985},
	{name: "splink_fake_1000", files: []string{"records.csv"}, ids: []string{"unique_id"}, precision: .985, recall: .925},
	{name: "historical_50k", files: []string{"records.csv"}, ids: []string{"unique_id"}, long: true, precision: .965, recall: .90},
	{
		name: "deaths to roster", folder: "births_deaths_roster", files: []string{"deaths.csv", "sp_roster_2020.csv"},
		ids: []string{"death_id", "sp_id"}, truth: "truth_death_roster_2020.csv", precision: .985, recall: .96,
	},
	{
		name: "births to roster", folder: "births_deaths_roster", files: []string{"births.csv", "sp_roster_2020.csv"},
		ids: []string{"birth_id", "sp_id"}, truth: "truth_birth_roster_2020.csv", precision: .985, recall: .96,
	},
}

// sharedFolder has the labelled data; it is not part of the program.
func sharedFolder() string {
	if dir := os.Getenv("ROLLCALL_SHARED"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "shared")
}

func TestAccuracyOnLabelledData(t *testing.T) {
	datasets := filepath.Join(sharedFolder(), "datasets")
	if _, err := os.Stat(datasets); err != nil {
		t.Skipf("left out: labelled files that lie beside the project (or in ROLLCALL_SHARED) are not there: %v", err)
	}
	for _, set := range labelledSets {
		name := set.name
		if set.without {
			name += " without identifiers"
		}
		t.Run(name, func(t *testing.T) {
			if set.long && os.Getenv("ROLLCALL_LONG") == "" {
				t.Skip("left to make test-long: it takes longer than the others")
			}
			measureAccuracy(t, datasets, set)
		})
	}
}

func measureAccuracy(t *testing.T, datasets string, set labelled) {
	folder := filepath.Join(datasets, set.folder)
	if set.folder == "" {
		folder = filepath.Join(datasets, set.name)
	}
	if set.truth == "" {
		set.truth = "truth.csv"
	}
	var files []*matchers.File
	for i, file := range set.files {
		files = append(files, readFile(t, filepath.Join(folder, file), set.ids[i]))
	}
	truth := readTruth(t, filepath.Join(folder, set.truth))
	spec := handWritten(files, set.without)
	begun := time.Now()
	var result *matchers.Result
	var err error
	left, right := files[0], files[0]
	if len(files) == 2 {
		right = files[1]
		result, err = matchers.Link(context.Background(), left, right, spec, matchers.Options{})
	} else {
		result, err = matchers.Dedupe(context.Background(), left, spec, matchers.Options{})
	}
	if err != nil {
		t.Fatal(err)
	}
	seconds := time.Since(begun).Seconds()
	said, right2 := 0, 0
	for _, p := range result.Pairs {
		if p.Accepted {
			said++
			if truth[[2]string{left.IDs[p.Left], right.IDs[p.Right]}] {
				right2++
			}
		}
	}
	all := len(truth)
	if len(files) == 1 {
		all /= 2
	}
	precision, recall := float64(right2)/float64(max(said, 1)), float64(right2)/float64(all)
	t.Logf("P %.4f R %.4f F1 %.4f, %d rules, %d candidates, %d rounds, household %.2g, %.2f s, expected P %.3f R %.3f, %v",
		precision, recall, 2*precision*recall/(precision+recall), len(result.Specification.Blocking), result.Candidates, result.Rounds,
		result.Specification.Parameters.Household, seconds, result.ExpectedPrecision, result.ExpectedRecall, result.Warnings)
	if precision < set.precision || recall < set.recall {
		t.Errorf("precision %.4f recall %.4f, want at least %.4f and %.4f", precision, recall, set.precision, set.recall)
	}
}

// handWritten is the specification of all columns whose kind is known.
func handWritten(files []*matchers.File, withoutIdentifiers bool) model.Specification {
	var spec model.Specification
	for _, c := range files[0].Columns {
		kind, known := columnKinds[c.Name]
		other := files[len(files)-1]
		if !known || (withoutIdentifiers && slices.Contains(identifying, c.Name)) ||
			!slices.ContainsFunc(other.Columns, func(o matchers.Column) bool { return o.Name == c.Name }) {
			continue
		}
		spec.Comparisons = append(spec.Comparisons, model.Comparison{
			Name: c.Name, Left: c.Name, Right: c.Name, Kind: kind, Shared: sharedKind(c.Name),
		})
	}
	return spec
}

var (
	notIdentifier = regexp.MustCompile(`[^0-9a-z]`)
	notText       = regexp.MustCompile(`[^\pL\pN_ ]`)
)

// normal is the plain normal form that the figures stand for.
func normal(column, value string) string {
	value = strings.ToLower(strings.TrimSpace(value))
	switch columnKinds[column] {
	case model.Date, model.Email:
		return value
	case model.Identifier, model.Phone:
		return notIdentifier.ReplaceAllString(value, "")
	}
	return notText.ReplaceAllString(value, "")
}

func readCSV(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func readFile(t *testing.T, path, id string) *matchers.File {
	rows := readCSV(t, path)
	file := &matchers.File{}
	for c, name := range rows[0] {
		if name == id {
			for _, row := range rows[1:] {
				file.IDs = append(file.IDs, row[c])
			}
			continue
		}
		values := make([]string, len(rows)-1)
		if name == "middle_name" {
			name = "middle_initial"
		}
		for i, row := range rows[1:] {
			values[i] = normal(name, row[c])
			if name == "middle_initial" && values[i] != "" {
				values[i] = string([]rune(values[i])[:1])
			}
		}
		if columnKinds[name] != "" {
			file.Columns = append(file.Columns, column(name, values))
		}
	}
	return file
}

// column encodes text values.
func column(name string, values []string) matchers.Column {
	known := dictionary.New()
	codes := known.Append(nil, values)
	return matchers.Column{Name: name, Codes: codes, Values: known.Values()}
}

// readTruth has every true pair both ways round.
func readTruth(t *testing.T, path string) map[[2]string]bool {
	truth := map[[2]string]bool{}
	two := strings.Contains(path, "truth_") || fileExists(filepath.Join(filepath.Dir(path), "a.csv"))
	for _, row := range readCSV(t, path)[1:] {
		truth[[2]string{row[0], row[1]}] = true
		if !two {
			truth[[2]string{row[1], row[0]}] = true
		}
	}
	return truth
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
