package main

import (
	"strings"

	"github.com/spf13/pflag"

	"rollcall/jobs/config"
	"rollcall/jobs/locales"
	"rollcall/matchers/model"
	"rollcall/pipeline/pair"
)

func localeFlag(f *pflag.FlagSet, name *string) {
	f.StringVar(name, "locale", "", "country whose names, dates and numbers these are: "+strings.Join(locales.Names(), ", ")+
		", or a file of one's own (default: ZZ, any country)")
}

// withAreas gives tables the area tree of a file; "" is none.
func withAreas(file string, tables ...*pair.Table) error {
	if file == "" {
		return nil
	}
	areas, err := config.LoadAreas(file)
	if err != nil {
		return usage(err)
	}
	tree := pair.NewAreaTree(file, areas)
	for _, t := range tables {
		t.Areas = tree
	}
	return nil
}

// localeOf reads a locale pack; "" is the one for any country.
func localeOf(name string) (pair.Locale, error) {
	if name == "" {
		return pair.Locale{}, nil
	}
	l, err := config.LoadLocale(name)
	if err != nil {
		return pair.Locale{}, err
	}
	return pair.Locale{Name: name, SHA256: l.SHA256, Pack: l.Pack}, nil
}

// localeIn is the pack that a specification was made with.
func localeIn(spec *model.Specification) string {
	if spec == nil {
		return ""
	}
	return spec.Locale
}
