package connectors_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rollcall/connectors"
)

func TestMangled(t *testing.T) {
	for value, want := range map[string]bool{
		"4.49E+35": true, "4.49116e+35": true, "-1,2E+12": true, "9E+15": true, "1.5E-05": true,
		"12E5": false, "1E10": false, "44.9E+35": false, "E+35": false, "4.49E+": false, "4.E+3": false,
		"A4.49E+35": false, "0071": false, "": false, "4.49E+35 ": false,
	} {
		if got := connectors.Mangled(value); got != want {
			t.Errorf("Mangled(%q) = %v", value, got)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, test := range []struct {
		column string
		have   []string
		want   string
	}{
		{"dob", nil, `m.csv: no column "dob": it has no columns`},
		{"mother_nid", []string{"mother_name", "id", "MOTHER_NID_NO", "sex"}, `m.csv: no column "mother_nid"; nearest: "mother_name", "MOTHER_NID_NO", "id"`},
		{"naïve", []string{"naive"}, `m.csv: no column "naïve"; nearest: "naive"`},
	} {
		if diff := cmp.Diff(test.want, connectors.Missing("m.csv", test.column, test.have).Error()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestExpand(t *testing.T) {
	env := connectors.Environment{Getenv: func(name string) (string, bool) {
		value, ok := map[string]string{"HOST": "db", "PASSWORD": "hush ${HOST}"}[name]
		return value, ok
	}}
	got, err := env.Expand("dsn", "host=${HOST} password=${PASSWORD} $1")
	if err != nil || got != "host=db password=hush ${HOST} $1" {
		t.Errorf("got %q, %v", got, err)
	}
	_, err = env.Expand("dsn", "host=${HOST} user=${WHO} x=${WHERE}")
	var setting *connectors.SettingError
	if !errors.As(err, &setting) || setting.Error() != "dsn: the environment has no variable WHO, WHERE" {
		t.Errorf("got %v", err)
	}
}
