package locale

import "strings"

// The sexes of the canonical tables.
const (
	Male   = "male"
	Female = "female"
	Other  = "other"
)

// sexWords are the codes and words of registers, in normal form. 1 and 2 are
// ISO/IEC 5218. M is male, as in nearly every register; where a column writes H
// and M for hombre and mujer, map it with a code directory. L and P are those of Indonesia.
var sexWords = words(map[string]string{
	Male: "m male man boy 1 masculino masculin hombre homme varon h laki lakilaki lelaki pria nam mand mann garcon menino homem" +
		" पुरुष পুরুষ ছেলে ذكر رجل مرد ชาย ຊາຍ ប្រុស ကျား 男 남 남성 мужской муж м ወንድ" +
		" l lalaki manlik эрэгтэй эр ஆண் పురుషుడు પુરુષ mwanaume mume",
	Female: "f female woman girl 2 femenino feminino feminin mujer femme perempuan wanita nu kvinde frau fille menina mulher" +
		" महिला स्त्री মহিলা নারী মেয়ে মেয়ে أنثى انثى امرأة زن หญิง ຍິງ ស្រី မ 女 여 여성 женский жен ж ሴት" +
		" p babae vroulik эмэгтэй эм عورت பெண் స్త్రీ સ્ત્રી mwanamke mke",
	Other: "o other x transgender trans hijra intersex nonbinary indeterminate third otro autre হিজড়া হিজড়া तृतीय",
})

// words turns a list of words for each value round.
func words(lists map[string]string) map[string]string {
	out := map[string]string{}
	for value, list := range lists {
		for w := range strings.FieldsSeq(list) {
			key, _ := (&Pack{}).Words(w)
			out[key] = value
		}
	}
	return out
}

// Sex reads a sex as registers write it: male, female, other, or "" when it is
// unknown or says nothing.
func Sex(s string) (sex string, rules []string) {
	var t trail
	key := t.words(Digits(t.letters(s)))
	key = strings.ReplaceAll(key, " ", "")
	if sex, ok := sexWords[key]; ok {
		return sex, t.rules
	}
	if key != "" {
		return "", append(t.rules, RuleUnreadable)
	}
	return "", nil
}
