package identifier

// Mod11 tells whether the last sign of a Chilean RUN is its check digit: the sum of
// the digits from the right times 2, 3, …, 7, 2, …, taken from 11; 11 is written 0,
// and 10 is written K.
func Mod11(v string) bool {
	if len(v) < 2 {
		return false
	}
	sum, weight := 0, 2
	for i := len(v) - 2; i >= 0; i-- {
		if v[i] < '0' || v[i] > '9' {
			return false
		}
		sum += int(v[i]-'0') * weight
		if weight++; weight > 7 {
			weight = 2
		}
	}
	return v[len(v)-1] == "0K987654321"[sum%11]
}

// Luhn tells whether the last digit is the check digit of Luhn (US patent
// 2,950,048): every second digit from the right is doubled, its digits summed.
func Luhn(v string) bool {
	sum := 0
	for i := range len(v) {
		c := v[len(v)-1-i]
		if c < '0' || c > '9' {
			return false
		}
		d := int(c - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0 && v != ""
}

// thai tells whether the last of 13 digits is the check digit of a Thai number: the
// first twelve times 13, 12, …, 2, the sum modulo 11 taken from 11, its last digit.
func thai(v string) bool {
	sum := 0
	for i := range len(v) - 1 {
		sum += int(v[i]-'0') * (len(v) - i)
	}
	return int(v[len(v)-1]-'0') == (11-sum%11)%10
}

// The multiplication of the dihedral group D5 and the permutation of Verhoeff,
// "Error Detecting Decimal Codes" (1969).
var (
	dihedral = [10][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
		{1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
		{2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
		{3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
		{4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
		{5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
		{6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
		{7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
		{8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
		{9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
	}
	permutation = [8][10]uint8{
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
		{1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
		{5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
		{8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
		{9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
		{4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
		{2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
		{7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
	}
)

// Verhoeff tells whether a number's last digit is its Verhoeff check digit, as in
// Aadhaar. It shows every wrong digit and every swap of neighbours.
func Verhoeff(v string) bool {
	var c uint8
	for i := range len(v) {
		d := v[len(v)-1-i]
		if d < '0' || d > '9' {
			return false
		}
		c = dihedral[c][permutation[i%8][d-'0']]
	}
	return c == 0 && v != ""
}
