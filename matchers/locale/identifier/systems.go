package identifier

import (
	"slices"
	"strings"

	"rollcall/matchers/locale"
)

// systems are those that the program knows. The rules of each are those of its
// source; what a source leaves open (most check digits of registers that publish
// none) is left open here too.
var systems = []Type{
	{
		// UIDAI, "A UID Numbering Scheme" (Varma and others, 2010): 11 digits and a
		// Verhoeff digit, the first from 2 to 9, no palindromes in use.
		Name: "in_aadhaar", Country: "IN", Says: "Aadhaar of India", types: "aadhaar uid uidai", chance: .08,
		forms: []string{digitsOf(12)}, card: "#### #### ####", check: Verhoeff,
		valid: func(v string) bool { return v[0] >= '2' && !palindrome(v) },
	},
	{
		// UIDAI, circular 1 of 2018 on the virtual id: 16 digits, the last Verhoeff.
		Name: "in_vid", Country: "IN", Says: "virtual id of Aadhaar", types: "vid aadhaar_vid", chance: .08,
		forms: []string{digitsOf(16)}, card: "#### #### #### ####", check: Verhoeff,
		valid: func(v string) bool { return v[0] >= '2' && !palindrome(v) },
	},
	{
		// UIDAI, circular 11020/205/2017 on Aadhaar data vaults: the key that stands for
		// a number must not be reckoned from it; vaults use a UUID (RFC 9562).
		Name: "in_aadhaar_reference", Country: "IN", Says: "reference key of an Aadhaar data vault", types: "aadhaar_reference aadhaar_reference_key", chance: 1,
		forms: []string{strings.Repeat("*", 32)}, card: "########-####-####-####-############",
		valid: func(v string) bool { return strings.Trim(v, "0123456789ABCDEF") == "" },
	},
	{
		// Bangladesh Election Commission: district 2, RMO code 1 (1 rural, 2 municipality,
		// 3 other town, 4 other, 5 cantonment, 9 city corporation), upazila 2, union or
		// ward 2, serial 6; since 2011 with the year of birth before it. Without the year
		// it is the older number, so the year is left out of the normal form.
		Name: "bd_nid", Country: "BD", Says: "national id of Bangladesh, 13 or 17 digits", types: "nid", chance: .6,
		forms: []string{digitsOf(13), digitsOf(17)}, layouts: []string{"PPPPPPP######", "YYYYPPPPPPP######"},
		valid:  func(v string) bool { return strings.IndexByte("123459", v[len(v)-11]) >= 0 },
		normal: func(v string) string { return v[len(v)-13:] },
	},
	{
		// The smart card of 2016 has ten random digits, which cannot be reckoned from
		// the older number.
		Name: "bd_nid10", Country: "BD", Says: "smart national id of Bangladesh, 10 digits", types: "bd_nid nid bd_smart_nid", chance: 1,
		forms: []string{digitsOf(10)}, card: "### ### ####",
		valid: func(v string) bool { return v[0] != '0' },
	},
	{
		// Birth and Death Registration Rules 2018 of Bangladesh: year of birth 4, area 7
		// (district, RMO, upazila, union), serial 6.
		Name: "bd_brn", Country: "BD", Says: "birth registration number of Bangladesh", types: "brn birth_registration_number", chance: .04,
		forms: []string{digitsOf(17)}, layouts: []string{"YYYYPPPPPPP######"},
	},
	{
		// Citizenship certificates of Nepal are numbered by the district office:
		// district (77 of them since 2017), office, year (Bikram Sambat) and serial; older
		// ones are of differing lengths.
		Name: "np_citizenship", Country: "NP", Says: "citizenship certificate of Nepal", types: "citizenship citizenship_number", chance: 1,
		forms: []string{digitsOf(11), digitsOf(5), digitsOf(6), digitsOf(7), digitsOf(8), digitsOf(9), digitsOf(10), digitsOf(12)},
		valid: func(v string) bool { return len(v) != 11 || v[:2] >= "01" && v[:2] <= "77" },
	},
	{
		// National Identity Card and Registration Act 2076 of Nepal; ten random digits.
		Name: "np_nin", Country: "NP", Says: "national identity number of Nepal", types: "np_nid", columns: "nid nin", chance: 1,
		forms: []string{digitsOf(10)}, card: "###-###-###-#",
	},
	{
		// Department for Registration of Persons, Sri Lanka: year, day of the year of a
		// year of 366 days (women 500 more), serial, digit; until 2016 the year had two
		// digits and a V or X (voter or not) followed. The old number is the new one with
		// 19 before it, a 0 before the serial, and without the letter.
		Name: "lk_nic", Country: "LK", Says: "national identity card of Sri Lanka", types: "nic", chance: .03,
		forms: []string{digitsOf(12)}, layouts: []string{"YYYYJJJ#####"}, dayFemale: 500, written: sriLankan,
	},
	{
		// NADRA: region 5, family 7, and a digit that is odd for men and even for women.
		// The first digit is the province; 8 is Azad Kashmir.
		Name: "pk_cnic", Country: "PK", Says: "CNIC of Pakistan", types: "cnic snic nicop", chance: .7,
		forms: []string{digitsOf(13)}, card: "#####-#######-#", layouts: []string{"PPPPP#######S"}, sex: oddMale,
		valid: func(v string) bool { return v[0] >= '1' && v[0] <= '8' && v[12] != '0' },
	},
	{
		// Department of Provincial Administration, Thailand: kind of person 1, office 4,
		// group 5, serial 2, check digit.
		Name: "th_pin", Country: "TH", Says: "identification number of Thailand", types: "pin", chance: .08,
		forms: []string{digitsOf(13)}, card: "#-####-#####-##-#", layouts: []string{"#PPPP########"}, check: thai,
		valid: func(v string) bool { return v[0] <= '8' }, // 0 is on cards of people without nationality
	},
	{
		// Law 23/2006 of Indonesia on the administration of population: area 6, day
		// (women 40 more), month, year, serial 4.
		Name: "id_nik", Country: "ID", Says: "NIK of Indonesia", types: "nik ktp", chance: .03,
		forms: []string{digitsOf(16)}, layouts: []string{"PPPPPPDDMMYY####"}, dayFemale: 40,
		valid: func(v string) bool { return indonesian(v[:2]) && v[12:] != "0000" },
	},
	{
		// The same law: area 6, day on which the card was made, serial 4. The day says
		// nothing of a person.
		Name: "id_kk", Country: "ID", Says: "family card of Indonesia", types: "kk kartu_keluarga", chance: 1,
		forms: []string{digitsOf(16)}, layouts: []string{"PPPPPP##########"},
		valid: func(v string) bool { return indonesian(v[:2]) && v[6:8] <= "31" && v[8:10] <= "12" },
	},
	{
		// National Registration Department of Malaysia: birth, place of birth 2, serial 3
		// and a digit that is odd for men.
		Name: "my_kad", Country: "MY", Says: "MyKad of Malaysia", types: "mykad nric ic", chance: .04,
		forms: []string{digitsOf(12)}, card: "######-##-####", layouts: []string{"YYMMDDPP###S"}, sex: oddMale,
		valid: func(v string) bool {
			return !slices.Contains([]string{"00", "17", "18", "19", "20", "69", "70", "73", "80", "81", "94", "95", "96", "97"}, v[6:8])
		},
	},
	{
		// Philippine Statistics Authority, philsys.gov.ph: 12 random digits, permanent.
		Name: "ph_psn", Country: "PH", Says: "PhilSys number", types: "psn philsys", chance: 1,
		forms: []string{digitsOf(12)}, card: "####-####-####",
	},
	{
		// The same: 16 digits on the card, which stand for the number.
		Name: "ph_pcn", Country: "PH", Says: "PhilSys card number", types: "pcn", chance: 1,
		forms: []string{digitsOf(16)}, card: "####-####-####-####",
	},
	{
		// Decree 137/2015/ND-CP, article 13, and circular 07/2016/TT-BCA, article 7, of
		// Viet Nam: province of the birth's registration 3, century and sex 1, year 2,
		// random 6.
		Name: "vn_cccd", Country: "VN", Says: "personal identification number of Viet Nam", types: "cccd", chance: .03,
		forms: []string{digitsOf(12)}, layouts: []string{"PPPCYY######"},
		century: func(c byte) int { return 1900 + int(c-'0')/2*100 }, sex: evenMale,
		valid: func(v string) bool { return strings.Contains(vietnameseProvinces, " "+v[:3]+" ") && v[3] <= '3' },
	},
	{
		// The identity card until 2016: province 2 or 3, serial.
		Name: "vn_cmnd", Country: "VN", Says: "identity card of Viet Nam, 9 digits", types: "cmnd", chance: 1,
		forms: []string{digitsOf(9)},
	},
	{
		// Civil registry of Chile: a number and a check sign modulo 11.
		Name: "cl_run", Country: "CL", Says: "RUN of Chile", types: "rut run", chance: .1,
		forms: []string{"########", "#######K", "#########", "########K"}, card: "##.###.###-#", check: Mod11,
	},
	{
		// Department of Home Affairs, South Africa: birth, serial of 5000 and more for
		// men, citizen 0 or resident 1, a digit, Luhn.
		Name: "za_id", Country: "ZA", Says: "identity number of South Africa", types: "sa_id", chance: .001,
		forms: []string{digitsOf(13)}, card: "###### #### ## #", layouts: []string{"YYMMDDS######"}, check: Luhn,
		sex:   upperMale,
		valid: func(v string) bool { return v[10] <= '1' },
	},
	{
		// National registration bureau of Kenya: a running number.
		Name: "ke_id", Country: "KE", Says: "national id of Kenya", types: "kenya_id", chance: 1,
		forms: []string{digitsOf(8), digitsOf(7), digitsOf(6)},
	},
	{
		// Unique personal identifier of Kenya, given at birth since 2023: 14 digits, as
		// kenyafromwithin.com, "Maisha Number: Everything You Need To Know About It", has
		// it. No check digit is published.
		Name: "ke_maisha", Country: "KE", Says: "Maisha number of Kenya", types: "kenya_id maisha upi maisha_namba", chance: 1,
		forms: []string{digitsOf(14)},
	},
	{
		// General authority for state registration, Mongolia: two letters, year, month
		// (20 more from 2000 on), day, a digit that is odd for men, a check digit of no
		// published rule.
		Name: "mn_register", Country: "MN", Says: "register number of Mongolia", types: "register register_number rd", chance: .03,
		forms: []string{"????########"}, layouts: []string{"????YYMMDDS#"}, month: mongolMonth, sex: oddMale, written: mongolian,
	},
	{
		// MOSIP, id generator service: ten digits, the last Verhoeff, not from 0 or 1,
		// and none of the runs that its filter refuses.
		Name: "mosip_uin", Says: "UIN of MOSIP", types: "uin", chance: .05,
		forms: []string{digitsOf(10)}, card: "#### #### ##", check: Verhoeff, valid: uin,
	},
	{
		// National Identification and Registration Authority, Uganda: citizen or alien,
		// sex, year of birth, ten letters and digits.
		Name: "ug_nin", Country: "UG", Says: "NIN of Uganda", types: "nin uganda_nin", chance: .01,
		forms:   []string{"CM##**********", "CF##**********", "AM##**********", "AF##**********"},
		layouts: []string{"#SYY##########"}, sex: letterSex,
	},
	{
		// Executive regulations of law 143 of 1994 of Egypt, article 3: century (2 for
		// 1900, 3 for 2000), birth, governorate 2, serial 4 (odd for men), a digit of no
		// published rule.
		Name: "eg_nid", Country: "EG", Says: "national number of Egypt", types: "eg_national_id", chance: .003,
		forms: []string{digitsOf(14)}, layouts: []string{"CYYMMDDPP###S#"}, century: egyptianCentury, sex: oddMale,
		valid: func(v string) bool { return strings.Contains(egyptianGovernorates, " "+v[7:9]+" ") },
	},
	{
		// Ethiopian digital identification proclamation 1284/2023: a unique number of 12
		// digits.
		Name: "et_fin", Country: "ET", Says: "Fayda number of Ethiopia", types: "fin fayda fayda_fin", chance: 1,
		forms: []string{digitsOf(12)}, card: "#### #### ####",
	},
	{
		// The number of the card, 16 digits, which stands for the unique one.
		Name: "et_fcn", Country: "ET", Says: "Fayda card number of Ethiopia", types: "fcn fan fayda_fcn", chance: 1,
		forms: []string{digitsOf(16)}, card: "#### #### #### ####",
	},
	{
		// Identity card of Cambodia: nine digits.
		Name: "kh_id", Country: "KH", Says: "identity card of Cambodia", types: "kh_national_id", chance: 1,
		forms: []string{digitsOf(9)},
	},
	{
		// Registration card of Myanmar: state or region, township, kind of citizen,
		// serial 6.
		Name: "mm_nrc", Country: "MM", Says: "registration card of Myanmar", types: "nrc", chance: .001,
		written: burmese,
	},
}

func digitsOf(n int) string { return strings.Repeat("#", n) }

func palindrome(v string) bool {
	for i := range len(v) / 2 {
		if v[i] != v[len(v)-1-i] {
			return false
		}
	}
	return true
}

func oddMale(c byte) string {
	if (c-'0')%2 == 1 {
		return locale.Male
	}
	return locale.Female
}

func evenMale(c byte) string {
	if (c-'0')%2 == 0 {
		return locale.Male
	}
	return locale.Female
}

func upperMale(c byte) string {
	if c >= '5' {
		return locale.Male
	}
	return locale.Female
}

func letterSex(c byte) string {
	if c == 'M' {
		return locale.Male
	}
	return locale.Female
}

// indonesian tells the provinces of Indonesia (Permendagri 72/2019, and the four of
// Papua of 2022).
func indonesian(province string) bool {
	const provinces = " 11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96 97 "
	return strings.Contains(provinces, " "+province+" ")
}

// vietnameseProvinces are the codes of circular 07/2016/TT-BCA, appendix 1.
const vietnameseProvinces = " 001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048" +
	" 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096 "

// egyptianGovernorates are the codes of birth; 88 is abroad.
const egyptianGovernorates = " 01 02 03 04 11 12 13 14 15 16 17 18 19 21 22 23 24 25 26 27 28 29 31 32 33 34 35 88 "

func egyptianCentury(c byte) int {
	switch c {
	case '2':
		return 1900
	case '3':
		return 2000
	}
	return 0
}

func mongolMonth(m int) (month, century int) {
	const from2000 = 20
	if m > from2000 {
		return m - from2000, 2000
	}
	return m, 1900
}

// uin tells a number that MOSIP's filter lets pass as it is configured at first: it
// does not begin with 0 or 1; no digit comes again beside itself or next but one; no
// three digits rise or fall by one; no two digits come again as a block; and its
// first five digits are not its last five, forwards or backwards.
func uin(v string) bool {
	if v[0] < '2' || v[:len(v)/2] == v[len(v)/2:] || palindrome(v) {
		return false
	}
	for i := 1; i < len(v); i++ {
		step := int(v[i]) - int(v[i-1])
		switch {
		case step == 0, i > 1 && v[i] == v[i-2]:
			return false
		case i > 1 && (step == 1 || step == -1) && int(v[i-1])-int(v[i-2]) == step:
			return false
		case strings.Contains(v[i+1:], v[i-1:i+1]):
			return false
		}
	}
	return true
}

// sriLankan reads the old form of a number as the new one.
func sriLankan(written string) (string, bool) {
	v := locale.Code(written)
	if fits(v, "#########V") || fits(v, "#########X") {
		return "19" + v[:5] + "0" + v[5:9], true
	}
	return v, true
}
