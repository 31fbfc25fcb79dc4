package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestModelMistakes: what is wrong with a model is told with the path of its field
// and its line.
func TestModelMistakes(t *testing.T) {
	const right = `{
"rollcall_spec": 1,
"comparisons": [{"name": "sex", "kind": "category"}, {"name": "id", "kind": "identifier"}],
"parameters": {
  "prior": 0.001,
  "levels": {
    "sex": [
      {"level": "differs", "m": 0.01, "u": 0.5, "bits": -5.6},
      {"level": "equal, very common", "m": 0.99, "u": 0.5, "bits": 1}
    ],
    "id": [
      {"level": "differs", "m": 0.1, "u": 0.9, "bits": -3.2},
      {"level": "equal", "m": 0.9, "u": 0.1, "bits": 3.2}
    ]
  }
},
"trained": {"program": "rollcall 7", "rounds": 3}
}`
	file := filepath.Join(t.TempDir(), "model.json")
	for name, c := range map[string]struct{ old, new, want string }{
		"as it should be":    {},
		"another format":     {`"rollcall_spec": 1`, `"rollcall_spec": 2`, `model.json:2:18: rollcall_spec is "2"; it must be 1`},
		"no number":          {`"m": 0.01`, `"m": NaN`, `model.json:8:33: parameters.levels.sex[0].m is "NaN"; a number is expected`},
		"no number at all":   {`"m": 0.01`, `"m": null`, `parameters.levels.sex[0].m has no value`},
		"infinite":           {`"u": 0.5, "bits": -5.6`, `"u": .inf, "bits": -5.6`, `parameters.levels.sex[0].u is .inf; it must be from 0 to 1`},
		"negative":           {`"m": 0.01`, `"m": -0.01`, `model.json:8:33: parameters.levels.sex[0].m is -0.01; it must be from 0 to 1`},
		"nought":             {`"u": 0.1`, `"u": 0`, `model.json:13:41: parameters.levels.id[1].u: is 0; a level's probability is above 0 and at most 1`},
		"m not one":          {`"m": 0.9, "u": 0.1`, `"m": 0.5, "u": 0.1`, `parameters.levels.id: m is 0.6 over all levels together; it must be 1`},
		"u not one":          {`"u": 0.9`, `"u": 0.1`, `parameters.levels.id: u is 0.2 over all levels together; it must be 1`},
		"prior":              {`0.001`, `1`, `model.json:5:12: parameters.prior: is 1; the share of all pairs that match lies between 0 and 1`},
		"classes":            {`0.001`, `0.001, "household": 1`, `parameters.prior: the shares of the classes of pairs are 1.001 together`},
		"class without h":    {`0.001`, `0.001, "household": 0.01`, `parameters.levels.sex[0].h: is 0; a level's probability is above 0`},
		"unknown level":      {`"level": "equal", "m"`, `"level": "same", "m"`, `model.json:13:17: parameters.levels.id[1].level: identifier has no level "same"; it has differs | two characters | one character | equal`},
		"level twice":        {`"level": "equal", "m"`, `"level": "differs", "m"`, `parameters.levels.id[1].level: there is another level "differs" above`},
		"unknown kind":       {`"kind": "identifier"`, `"kind": "passport"`, `comparisons[1].kind is "passport"; it must be`},
		"comparison lacking": {`"id": [`, `"no": [`, `parameters.levels has none for the comparison "id"`},
		"levels lacking": {
			`{"level": "differs", "m": 0.1, "u": 0.9, "bits": -3.2},
      {"level": "equal", "m": 0.9, "u": 0.1, "bits": 3.2}`, ``, `parameters.levels.id: there are no levels; take the parameters out to train again`,
		},
		"torn": {`"trained": {"program"`, `"trained": {"program": [`, `model.json:`},
	} {
		text := strings.Replace(right, c.old, c.new, 1)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, origin, err := ParseModel(file)
		switch {
		case c.want == "" && (err != nil || origin == nil || origin.Program != "rollcall 7"):
			t.Errorf("%s: origin %v, error %v", name, origin, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
	}
}
