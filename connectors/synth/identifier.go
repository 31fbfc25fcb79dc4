package synth

import "math/bits"

// idScheme is a country's personal number: how the n-th person's is made, and
// how long the numbers are.
type idScheme struct {
	name   string
	format func(dst []byte, n uint64, born day) []byte
	check  func(id []byte) bool
	doc    string
}

func idSchemes() map[string]*idScheme {
	return map[string]*idScheme{
		"aadhaar": {"aadhaar", appendAadhaar, verhoeffValid, "12 digits, first digit 2 to 9, last digit Verhoeff's check digit"},
		"rut":     {"rut", appendRUT, rutValid, "7 or 8 digits, hyphen, check character modulo 11 (0-9, K)"},
		"cccd": {"cccd", appendCCCD, cccdValid, "12 digits, the first 0 as in the codes of all provinces, the last a check digit, which is this program's own (as in EAN-13): " +
			"Viet Nam puts sex and year of birth into the number, and publishes no check digit"},
		"nid": {"nid", appendNID, nidValid, "Adults (born before 2008): 10 digits, the last a check digit; children: a 17-digit birth registration number, " +
			"year of birth, 12 digits, check digit. The check digit is this program's own: the tenth's complement of the digits weighted 1 and 3 in turn from the right, modulo 10 (as in EAN-13)"},
	}
}

// scatter maps n below modulus to another number below modulus, one to one, so
// that neighbours do not have neighbouring numbers. modulus must not be a
// multiple of the factor's prime.
func scatter(n, modulus uint64) uint64 {
	const prime = 2305843009213693951 // 2^61 - 1
	high, low := bits.Mul64(n%modulus, prime%modulus)
	_, rest := bits.Div64(high%modulus, low, modulus)
	return rest
}

func appendDigits(dst []byte, n uint64, width int) []byte {
	start := len(dst)
	for range width {
		dst = append(dst, '0')
	}
	for i := start + width - 1; i >= start; i-- {
		dst[i] = byte('0' + n%10)
		n /= 10
	}
	return dst
}

func appendInt(dst []byte, n uint64) []byte {
	width := 1
	for m := n; m >= 10; m /= 10 {
		width++
	}
	return appendDigits(dst, n, width)
}

func appendAadhaar(dst []byte, n uint64, _ day) []byte {
	start := len(dst)
	dst = appendDigits(dst, 20_000_000_000+scatter(n, 80_000_000_000), 11)
	return append(dst, verhoeffDigit(dst[start:]))
}

// Verhoeff's tables (J. Verhoeff, Error Detecting Decimal Codes, 1969).
var (
	verhoeffMultiply = [10]string{
		"0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
		"5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
	}
	verhoeffPermute = [8]string{
		"0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
	}
	verhoeffInverse = "0432156789"
)

func verhoeffSum(digits []byte, shift int) byte {
	c := byte(0)
	for i := range digits {
		d := digits[len(digits)-1-i] - '0'
		c = verhoeffMultiply[c][verhoeffPermute[(i+shift)%8][d]-'0'] - '0'
	}
	return c
}

func verhoeffDigit(digits []byte) byte { return verhoeffInverse[verhoeffSum(digits, 1)] }

func verhoeffValid(id []byte) bool {
	return len(id) == 12 && allDigits(id) && id[0] >= '2' && verhoeffSum(id, 0) == 0
}

// appendRUT follows Chile's rol único tributario.
func appendRUT(dst []byte, n uint64, _ day) []byte {
	start := len(dst)
	dst = appendInt(dst, 3_000_000+scatter(n, 96_000_000))
	check := rutDigit(dst[start:])
	return append(dst, '-', check)
}

func rutDigit(digits []byte) byte {
	sum, weight := 0, 2
	for i := len(digits) - 1; i >= 0; i-- {
		sum += int(digits[i]-'0') * weight
		if weight++; weight == 8 {
			weight = 2
		}
	}
	return "0K987654321"[sum%11]
}

func rutValid(id []byte) bool {
	n := len(id)
	return (n == 9 || n == 10) && id[n-2] == '-' && allDigits(id[:n-2]) && rutDigit(id[:n-2]) == id[n-1]
}

// adultNID is the first day of birth after which people have a birth
// registration number and not yet a national identity card.
func adultNID() day { return dayOf(2008, 1, 1) }

func appendNID(dst []byte, n uint64, born day) []byte {
	start := len(dst)
	if born < adultNID() {
		dst = appendDigits(dst, 100_000_000+scatter(n, 900_000_000), 9)
	} else {
		year, _, _ := born.civil()
		dst = appendDigits(dst, uint64(year), 4)
		dst = appendDigits(dst, 100_000_000_000+scatter(n, 900_000_000_000), 12)
	}
	return append(dst, eanDigit(dst[start:]))
}

func eanDigit(digits []byte) byte {
	sum := 0
	for i := len(digits) - 1; i >= 0; i -= 2 {
		sum += 3 * int(digits[i]-'0')
		if i > 0 {
			sum += int(digits[i-1] - '0')
		}
	}
	return byte('0' + (10-sum%10)%10)
}

func nidValid(id []byte) bool {
	n := len(id)
	return (n == 10 || n == 17) && allDigits(id) && eanDigit(id[:n-1]) == id[n-1]
}

// appendCCCD is as long as Viet Nam's citizen identity number.
func appendCCCD(dst []byte, n uint64, _ day) []byte {
	start := len(dst)
	dst = appendDigits(append(dst, '0'), scatter(n, 10_000_000_000), 10)
	return append(dst, eanDigit(dst[start:]))
}

func cccdValid(id []byte) bool {
	return len(id) == 12 && allDigits(id) && id[0] == '0' && eanDigit(id[:11]) == id[11]
}

func allDigits(id []byte) bool {
	for _, c := range id {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// spoil makes an identifier invalid, as typing does: a digit changed, left out
// or doubled.
func (s *idScheme) spoil(r *random, dst []byte, id []byte) []byte {
	start := len(dst)
	for {
		dst = dst[:start]
		at := r.below(len(id))
		switch r.below(4) {
		case 0:
			dst = append(append(dst, id[:at]...), id[at+1:]...)
		case 1:
			dst = append(append(append(dst, id[:at]...), id[at]), id[at:]...)
		default:
			dst = append(dst, id...)
			dst[start+at] = byte('0' + r.below(10))
		}
		if !s.check(dst[start:]) {
			return dst
		}
	}
}
