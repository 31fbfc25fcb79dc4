package locale

import (
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// numbering is the telephone numbers of one country, by Google's libphonenumber.
// The zero numbering knows no country.
type numbering struct {
	region string         // ISO 3166 code
	code   string         // calling code
	trunk  string         // dialled before national numbers, "0" in most countries
	mobile *regexp.Regexp // national numbers of mobiles

	mu    sync.RWMutex
	heads map[string]string // see head
}

// numberingOf finds the numbering of a country; nil where there is none.
func numberingOf(country string) *numbering {
	region := strings.ToUpper(country[:min(2, len(country))])
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil
	}
	i := slices.IndexFunc(all.GetMetadata(), func(m *phonenumbers.PhoneMetadata) bool { return m.GetId() == region })
	if i < 0 {
		return nil
	}
	m := all.GetMetadata()[i]
	mobile, err := regexp.Compile("^(?:" + m.GetMobile().GetNationalNumberPattern() + ")$")
	if err != nil {
		return nil
	}
	return &numbering{
		region: region, code: strconv.Itoa(int(m.GetCountryCode())), trunk: m.GetNationalPrefix(), mobile: mobile,
		heads: map[string]string{},
	}
}

// Learning a country takes so many numbers that are written with a calling code, and
// this share of them, and of all others, that are numbers of the country.
const (
	minInternational = 20
	regionShare      = 0.9
)

// LearnRegion finds the country (ISO 3166 code) that the numbers of columns are of,
// by those that show their calling code; "" where they are of several, or too few
// show it.
func LearnRegion(columns ...iter.Seq[string]) string {
	regions := map[string]int{}
	international := 0
	for _, values := range columns {
		for s := range values {
			if !strings.HasPrefix(strings.TrimSpace(s), "+") {
				continue
			}
			international++
			if number, err := phonenumbers.Parse(s, ""); err == nil {
				regions[phonenumbers.GetRegionCodeForNumber(number)]++
			}
		}
	}
	for region, n := range regions {
		if international < minInternational || float64(n) < regionShare*float64(international) {
			continue
		}
		p := &Pack{Country: region}
		known, all := 0, 0
		for _, values := range columns {
			for s := range values {
				normal, _ := p.Phone(s)
				if normal != "" {
					all++
				}
				if strings.HasPrefix(normal, "+") {
					known++
				}
			}
		}
		if float64(known) >= regionShare*float64(all) {
			return region
		}
	}
	return ""
}

// e164 writes a number in the international form, +8801712345678; "" where the
// country has no such number. An international one begins with the calling code of
// its country.
func (n *numbering) e164(digits string, international bool) string {
	if national, ok := n.national(digits, international); ok && n.mobile.MatchString(national) {
		return "+" + n.code + national
	}
	return n.remembered(digits, international)
}

// national cuts what is dialled before a number.
func (n *numbering) national(digits string, international bool) (string, bool) {
	if international {
		return strings.CutPrefix(digits, n.code)
	}
	if n.trunk == "0" {
		return strings.TrimPrefix(digits, n.trunk), true
	}
	return digits, true
}

// The last tailDigits of a number of usual length never decide what it is: numbers
// are given out in blocks of ten thousand and more. So what is known of a head holds
// for its block.
const (
	tailDigits  = 4
	usualLength = 10
	mostHeads   = 1 << 17
)

// remembered asks the library once for every block of numbers.
func (n *numbering) remembered(digits string, international bool) string {
	if len(digits) < usualLength {
		if len(digits) <= tailDigits {
			return ""
		}
		if head := n.head(digits, international); head != "" {
			return head + digits[len(digits)-tailDigits:]
		}
		return ""
	}
	key, tail := digits[:len(digits)-tailDigits], digits[len(digits)-tailDigits:]
	if international {
		key = "+" + key
	}
	n.mu.RLock()
	head, ok := n.heads[key]
	n.mu.RUnlock()
	if !ok {
		head = n.head(digits, international)
		n.mu.Lock()
		if len(n.heads) >= mostHeads {
			clear(n.heads)
		}
		n.heads[strings.Clone(key)] = head
		n.mu.Unlock()
	}
	if head == "" {
		return ""
	}
	return head + tail
}

// head is the international form of a number without its tail; "" where there is no
// such number.
func (n *numbering) head(digits string, international bool) string {
	if international {
		digits = "+" + digits
	}
	number, err := phonenumbers.Parse(digits, n.region)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return ""
	}
	e164 := phonenumbers.Format(number, phonenumbers.E164)
	if !strings.HasSuffix(e164, digits[len(digits)-tailDigits:]) {
		return ""
	}
	return e164[:len(e164)-tailDigits]
}
