package tables

import "strings"

// WrittenNumbers is SQL for the identity numbers of a mention as written, over the
// grouped rows of identifier.
const WrittenNumbers = `array_to_string(list(identifier_type || '=' || coalesce(written, '') ORDER BY identifier_type), ';')`

// mentionRow are the values of a mention m as mapped, before standardising, with its
// WrittenNumbers n.numbers.
const mentionRow = `m.given_name, m.family_name, m.full_name, m.native_name, m.sex, m.birth_written, ` +
	`m.area_written, m.address, m.phone, m.mother_name, m.father_name, m.spouse_name, n.numbers`

// MentionValues is SQL for the hash of those values: what a person's verdict on the
// record holds for.
const MentionValues = `sha256(CAST(row(` + mentionRow + `) AS VARCHAR))`

// valueEnd ends a value in MentionTexts; no source has it in a text.
const valueEnd = "\x1f"

// MentionTexts is SQL for the same values one after the other, in one text: see
// MentionColumns.
func MentionTexts() string {
	var texts []string
	for _, c := range strings.Split(mentionRow, ", ") {
		texts = append(texts, "coalesce("+c+", '')")
	}
	return strings.Join(texts, " || chr(31) || ")
}

// MentionColumns are the names of the values of MentionTexts, as people call them.
func MentionColumns() []string {
	var names []string
	for _, c := range strings.Split(mentionRow, ", ") {
		_, name, _ := strings.Cut(strings.TrimSuffix(c, "_written"), ".")
		names = append(names, strings.ReplaceAll(strings.Replace(name, "numbers", "identity_numbers", 1), "_", " "))
	}
	return names
}

// SplitMentionTexts takes a text of MentionTexts apart.
func SplitMentionTexts(text string) []string { return strings.Split(text, valueEnd) }
