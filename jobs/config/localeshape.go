package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"rollcall/matchers/locale"
	"rollcall/matchers/locale/identifier"
)

var wordsShape = shape{kind: list, single: true, atLeastOne: true, item: &textShape}

// localeShape declares a locale pack: how one country writes names, dates, numbers
// and places.
func localeShape() shape {
	return shape{kind: record, fields: slices.Concat(
		[]field{
			{name: "rollcall_locale", required: true, doc: "version of this format", value: shape{kind: words, oneOf: []string{"1"}}},
			{name: "country", required: true, doc: "ISO 3166 code of the country; ZZ is any; what several countries share has the code of its language", value: shape{kind: words, check: checkCountry}},
			{name: "title", required: true, doc: "the country's name", value: textShape},
			{name: "extends", doc: "packs that this one adds to, by code or as a file beside it; where two say something of one word, this one holds, then the first named", fallback: "none", value: shape{kind: list, single: true, item: &textShape}},
			{name: "languages", doc: "languages of its registers (BCP 47)", fallback: "none", value: shape{kind: list, single: true, item: &shape{kind: words, check: checkLanguage}}},
			{name: "scripts", doc: "scripts of its registers", fallback: "none", value: shape{kind: list, single: true, item: &shape{kind: words, oneOf: locale.Scripts()}}},
		},
		nameFields(),
		placeFields(),
		numberFields(),
		dateFields(),
	)}
}

// nameFields declare what a pack says of names.
func nameFields() []field {
	part := shape{kind: record, bare: "kind", fields: []field{
		{name: "kind", required: true, doc: "what the part is", value: shape{kind: words, oneOf: locale.PartKinds()}},
		{name: "optional", doc: "many names are without it", fallback: "false", value: shape{kind: truth}},
		{name: "why", doc: "what it is there", value: textShape},
	}}
	relation := shape{kind: record, fields: []field{
		{name: "written", required: true, doc: "spellings", value: wordsShape},
		{name: "of", required: true, doc: "who the other is", value: shape{kind: words, oneOf: locale.Kin()}},
		{name: "joins", doc: "the other name is part of one's own: the words go and the name stays", fallback: "false", value: shape{kind: truth}},
		{name: "why", required: true, doc: "the reason", value: textShape},
		{name: "source", doc: "where it is written", value: textShape},
	}}
	return []field{
		{name: "parts", doc: "parts of a full name in their order", fallback: "none", value: shape{kind: list, item: &part}},
		{name: "titles", doc: "words that are dropped while another word remains", fallback: "none", value: terms("")},
		{name: "kept", doc: "words that a pack below drops or rewrites, and that are names here", fallback: "none", value: terms("")},
		{name: "particles", doc: "words of several spellings, of which one is kept", fallback: "none", value: terms("the spelling that is kept")},
		{name: "nicknames", doc: "short names that stand for one full name", fallback: "none", value: terms("the full name")},
		{name: "relations", doc: "words before another person's name", fallback: "none", value: shape{kind: list, item: &relation}},
		{name: "initials", doc: "initials that are written together", fallback: "none", value: terms("the initials apart")},
		{name: "split_consonants", doc: "a word of two or three consonants is initials written together", fallback: "false", value: shape{kind: truth}},
		{name: "mend_digits", doc: "a digit inside a word is the letter that it looks like", fallback: "false", value: shape{kind: truth}},
		{name: "latin", doc: "names in other scripts are written in Latin letters", fallback: "false", value: shape{kind: truth}},
	}
}

// terms declares a list of terms; becomes says what each becomes, "" where it
// becomes nothing.
func terms(becomes string) shape {
	fields := []field{{name: "written", required: true, doc: "spellings, in normal form or in native script", value: wordsShape}}
	if becomes != "" {
		fields = append(fields, field{name: "becomes", required: true, doc: becomes, value: shape{kind: words, check: checkNormal}})
	}
	positions := []string{string(locale.First), string(locale.Last), string(locale.Between), string(locale.Prefix), string(locale.Suffix)}
	return shape{kind: list, item: &shape{kind: record, fields: append(
		fields,
		field{name: "where", doc: "where in a name it is one: before all other words, behind them, between two, or written together with a word", fallback: "anywhere", value: shape{kind: words, oneOf: positions}},
		field{name: "once", doc: "only one of the spellings is one, and the next a name", fallback: "false", value: shape{kind: truth}},
		field{name: "why", required: true, doc: "the reason", value: textShape},
		field{name: "source", doc: "where it is written", value: textShape},
	)}}
}

// placeFields declare what a pack says of places.
func placeFields() []field {
	level := shape{kind: record, bare: "name", fields: []field{
		{name: "name", required: true, doc: "its name in English", value: textShape},
		{name: "written", doc: "other words for it", value: wordsShape},
		{name: "where", doc: "the side of a name on which its words stand", fallback: "either", value: shape{kind: words, oneOf: []string{string(locale.First), string(locale.Last)}}},
		{name: "kept", doc: "its words are a part of the name: a city beside a district of the same name", fallback: "false", value: shape{kind: truth}},
	}}
	place := shape{kind: record, fields: []field{
		{name: "becomes", required: true, doc: "the name today, in normal form", value: shape{kind: words, check: checkNormal}},
		{name: "written", required: true, doc: "earlier names and other spellings, in normal form or in native script", value: wordsShape},
		{name: "why", required: true, doc: "the reason", value: textShape},
		{name: "source", doc: "where it is written", value: textShape},
	}}
	return []field{
		{name: "levels", doc: "levels of administrative areas, the largest first", fallback: "none", value: shape{kind: list, item: &level}},
		{name: "places", doc: "names of places that have changed, or of several spellings", fallback: "none", value: shape{kind: list, item: &place}},
		{name: "landmarks", doc: "words before the name of what is no area: post office, near", fallback: "none", value: wordsShape},
		{name: "streets", doc: "abbreviations in addresses and the word", fallback: "none", value: shape{kind: dictionary, named: "abbreviation", item: &textShape}},
		{name: "numbered", doc: "abbreviations in addresses that are one before a number only, and the word: h is house in H-12", fallback: "none", value: shape{kind: dictionary, named: "abbreviation", item: &textShape}},
	}
}

// numberFields declare what a pack says of numbers. Telephone numbers follow from the
// country.
func numberFields() []field {
	return []field{
		{name: "identifiers", doc: "systems of its identity numbers", fallback: "those of the country", value: shape{kind: list, single: true, item: &shape{kind: words, oneOf: identifier.All().Names()}}},
	}
}

// dateFields declare what a pack says of dates. Names of months follow from no
// country: all are known everywhere.
func dateFields() []field {
	return []field{
		{name: "calendars", doc: "calendars of its registers, the commonest first: where two can have a year and a column does not tell, the first holds", fallback: "gregorian, and buddhist where a year can be of no other", value: shape{kind: list, single: true, item: &shape{kind: words, oneOf: locale.Calendars()}}},
		{name: "default_days", doc: "days of birth that stand for their whole year, as month and day: 07-01, bikram-01-01; 00-15 stands for its month; 1 January always does", fallback: "none", value: shape{kind: list, single: true, item: &shape{kind: words, check: checkMonthDay}}},
		{name: "date_order", doc: "what comes first in 03/04/1984 where a column does not tell", fallback: locale.DayFirst.String(), value: shape{kind: words, oneOf: []string{locale.DayFirst.String(), locale.MonthFirst.String()}}},
	}
}

func checkMonthDay(text string) error {
	md, ok := locale.MonthDayOf(text)
	switch {
	case !ok:
		return errors.New("month and day are expected, such as 07-01 or bikram-01-01")
	case !md.Possible():
		return errors.New("the month is never so long")
	}
	return nil
}

// checkCountry takes a region's code in capitals, and a language's in small letters.
func checkCountry(text string) error {
	var err error
	if text == strings.ToUpper(text) {
		_, err = language.ParseRegion(text)
	} else {
		_, err = language.ParseBase(text)
	}
	if err != nil || len(text) != len("BD") || text != strings.ToUpper(text) && text != strings.ToLower(text) {
		return errors.New("two letters of ISO 3166 are expected, such as BD, or the code of a language that countries share, such as ar")
	}
	return nil
}

func checkLanguage(text string) error {
	if _, err := language.Parse(text); err != nil {
		return errors.New("a BCP 47 code is expected, such as bn")
	}
	return nil
}

func checkNormal(text string) error {
	if normal := locale.Spelling(text); normal != text {
		return fmt.Errorf("a normal form is expected: %q", normal)
	}
	return nil
}
