package link_test

import (
	"fmt"
	"testing"

	"rollcall/pipeline/facts/scenario"
	"rollcall/pipeline/link"
)

// TestWholeNamesArePartedAsOthersAre: the family name of a name that is written whole is
// the one that others bear, wherever it stands.
func TestWholeNamesArePartedAsOthersAre(t *testing.T) {
	w := scenario.New(t)
	w.Add("mention", "mention_id side role given_norm family_norm full_norm", `
		m/1/member | sp   | member | rahim uddin   | mia       | rahim uddin mia
		m/2/member | sp   | member | salma         | mia       | salma mia
		m/3/member | sp   | member | tran          | nguyen    | tran nguyen
		m/4/member | sp   | member | ana           | gomez paz | ana gomez paz
		m/5/member | sp   | member | mia           | roy       | mia roy
		d/1/spouse | crvs | spouse |               |           | abdul rahim mia
		d/2/spouse | crvs | spouse |               |           | nguyen van tran
		d/3/spouse | crvs | spouse |               |           | eva gomez paz
		d/4/spouse | crvs | spouse |               |           | karim mya
		d/5/spouse | crvs | spouse |               |           | uddin salma
		d/6/spouse | crvs | spouse |               |           | rahim`)
	w.Exec(fmt.Sprintf(link.WholeNames, "mention"))
	scenario.Same(t, "parts", []string{
		"abdul rahim mia|abdul rahim|mia", "eva gomez paz|eva|gomez paz", "karim mya|karim|mya",
		"nguyen van tran|van tran|nguyen", "rahim|rahim|", "uddin salma|uddin salma|",
	}, w.Lines("SELECT full_norm, given_norm, family_norm FROM whole_name ORDER BY ALL"))
}
