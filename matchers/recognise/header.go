package recognise

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rollcall/matchers/model"
)

// header is a column's name taken apart.
type header struct {
	words   []string // lower case, without accents, subject and number
	subject string
	number  string // of a numbered column: address_2
}

// subjects are the people of whom a column may speak; those of the row itself
// have the empty name.
var subjects = map[string]string{
	"grandfather": "grandfather", "grandfathers": "grandfather", "abuelo": "grandfather", "kakek": "grandfather", "datuk": "grandfather",
	"mother": "mother", "mothers": "mother", "mum": "mother", "madre": "mother", "mere": "mother", "mae": "mother", "ibu": "mother", "maternal": "mother",
	"father": "father", "fathers": "father", "padre": "father", "pere": "father", "pai": "father", "ayah": "father", "bapak": "father", "paternal": "father", "s/o": "father", "d/o": "father",
	"spouse": "spouse", "husband": "spouse", "wife": "spouse", "partner": "spouse", "conyuge": "spouse", "conjoint": "spouse", "esposo": "spouse", "esposa": "spouse", "suami": "spouse", "istri": "spouse", "w/o": "spouse",
	"guardian": "guardian", "caregiver": "guardian", "tutor": "guardian", "tuteur": "guardian", "c/o": "guardian",
	"informant": "informant", "declarant": "informant", "witness": "witness", "applicant": "applicant",
	"groom": "groom", "bride": "bride", "head": "head", "nominee": "nominee",
	"child": "", "deceased": "", "dead": "", "member": "", "person": "", "beneficiary": "", "individual": "", "applicants": "", "difunto": "", "fallecido": "", "defunt": "", "enfant": "", "nino": "",
}

// FatherOrSpouse is the subject of a column that names the father of some people
// and the husband of others, as rosters of South Asia do. Which of the two it is
// changes when a woman marries, so that it is compared with its like alone.
const FatherOrSpouse = "father or spouse"

// Words are those of a header, in English where its language is known, without those
// that say whose a thing is.
func Words(name string) string { return strings.Join(readHeader(name).words, " ") }

// readHeader takes a column's name apart at signs, at changes of case and before
// digits.
func readHeader(name string) header {
	var h header
	for _, w := range joinOf(headerWords(inEnglish(name))) {
		if s, ok := subjects[w]; ok {
			switch {
			case h.subject == "":
				h.subject = s
			case h.subject == "father" && s == "spouse", h.subject == "spouse" && s == "father":
				h.subject = FatherOrSpouse
			}
			if strings.HasSuffix(w, "/o") && len(h.words) == 0 {
				h.words = []string{"name"} // that is what follows such letters
			}
			continue
		}
		if allDigits(w) {
			h.number = w
			continue
		}
		h.words = append(h.words, w)
	}
	if h.subject == "" && h.hasAny(areas) {
		h.ofArea()
	}
	return h
}

// ofArea takes the header for that of areas: the name of a village is no person's.
func (h *header) ofArea() {
	h.words = append(slices.DeleteFunc(h.words, func(w string) bool { return w == "name" }), "place")
}

// areas are the words for areas.
var areas = strings.Split(placeWords+"|"+regionWords, "|")

// joinOf puts s/o, d/o, w/o and c/o together again: son, daughter, wife, care of.
func joinOf(words []string) []string {
	var joined []string
	for _, w := range words {
		if last := len(joined) - 1; w == "o" && last >= 0 && subjects[joined[last]+"/o"] != "" {
			joined[last] += "/o"
			continue
		}
		joined = append(joined, w)
	}
	return joined
}

func headerWords(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = nil
		}
	}
	var last rune
	for _, r := range norm.NFD.String(name) {
		latinMark := unicode.Is(unicode.Mn, r) && r < 0x0370
		switch {
		case latinMark:
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			flush()
		case unicode.IsUpper(r) && unicode.IsLower(last), unicode.IsDigit(r) != unicode.IsDigit(last) && last != 0:
			flush()
			word = append(word, unicode.ToLower(r))
		default:
			word = append(word, unicode.ToLower(r))
		}
		last = r
	}
	flush()
	return words
}

func (h header) hasAny(words []string) bool {
	return slices.ContainsFunc(h.words, func(w string) bool { return slices.Contains(words, w) })
}

// concept is one thing that a column can hold.
type concept struct {
	kind     model.Kind
	meaning  string
	like     string                // what its values are like, in words
	names    string                // header words; alternatives by |, words that must all be there by space
	fits     func(profile) float64 // 0 to 1, from the values alone
	alone    float64               // confidence when the header is silent; 0: the header must say it
	numbered bool                  // several in a file are told apart by their number
	vague    bool                  // its values look like those of much else: what a header says goes before them
	certain  string                // header words, as in names, that say it whatever the values look like, if they have numbers
}

// named counts the words of the longest alternative that the header has.
func (c concept) named(h header) int { return h.longest(c.names) }

// longest counts the words of the longest of several alternatives that the header has.
func (h header) longest(names string) int {
	most := 0
	for alternative := range strings.SplitSeq(names, "|") {
		words := strings.Fields(alternative)
		if len(words) <= most {
			continue
		}
		if !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(h.words, w) }) {
			most = len(words)
		}
	}
	return most
}

// personalNumbers are words of numbers that belong to a person for life.
var personalNumbers = strings.Fields("national nid nin ssn soc sec social security passport pasaporte passeport aadhaar aadhar uid uidai voter" +
	" licence license tax tin rut run curp cpf cedula dni nik brn nrc cnic nic insurance health art ration card identity" +
	" citizenship nagarikta nric mykad philsys psn pcn fayda maisha huduma cccd cmnd")

// concepts in order of preference where two fit alike.
var concepts = []concept{
	{
		kind: model.Category, meaning: "sex", like: "sexes", alone: 0.95,
		names: "sex|gender|sexe|sexo|genero|genre|kelamin|jenis kelamin|geschlecht",
		fits: func(p profile) float64 {
			if p.sex > 0.8 && p.sexes == 2 {
				return p.sex
			}
			return 0
		},
	},
	{
		kind: model.Category, meaning: "sex", like: "codes of two or three values",
		names: "sex|gender|sexe|sexo|genero|genre|kelamin",
		fits:  func(p profile) float64 { return one(p.distinct <= 8 && p.longest <= 16) },
	},
	{
		kind: model.Email, meaning: "email", like: "e-mail addresses", alone: 0.95,
		names: "email|mail|e mail|correo|courriel", fits: func(p profile) float64 { return p.email },
	},
	{
		kind: model.Date, meaning: "birth", like: "dates", alone: 0,
		names:   "birth|dob|born|birthdate|birthday|birth date|date of birth|date birth|nacimiento|naissance|nascimento|lahir|geburtsdatum|geboorte|bday",
		fits:    anyDate,
		certain: "dob|birthdate|birthday|birth date|date birth|date of birth|geburtsdatum|fecha nacimiento|data nascimento|date naissance|tanggal lahir",
	},
	{
		kind: model.Date, meaning: "death", like: "dates", alone: 0,
		names:   "death|dod|died|deathdate|death date|date of death|fallecimiento|defuncion|deces|obito|falecimento|kematian",
		fits:    anyDate,
		certain: "dod|deathdate|death date|date death|date of death|fecha defuncion|fecha fallecimiento|data obito|date deces",
	},
	{
		kind: model.Date, meaning: "birth", like: "dates over a lifetime", alone: 0.7,
		fits: func(p profile) float64 { return p.date * one(p.years >= 25) },
	},
	{
		kind: Ignore, meaning: "other date", like: "dates of something else than a birth", alone: 0.6,
		names: "registered|registration|received|created|updated|modified|enrolled|start|end|from|to|visit|interview|event|issued|payment|paid|inscription|registro|inscripcion|occurred|marriage",
		fits:  anyDate,
	},
	{
		kind: Key, meaning: "key", like: "numbers or codes",
		names: keyWords,
		fits:  func(p profile) float64 { return p.code * one(p.distinctShare() > 0.98) },
	},
	{
		kind: Ignore, meaning: "household", like: "codes that repeat",
		names: "household id|household no|household number|household|hh id|hhid|hh|family id|foyer|hogar|menage|dwelling id",
		fits:  func(p profile) float64 { return p.code },
	},
	{
		kind: model.Identifier, meaning: "identifier", like: "identity numbers",
		names: strings.Join(personalNumbers, "|") + "|" + strings.Join(personalNumbers, " no|") + " no|" + strings.Join(personalNumbers, " number|") + " number|phil sys|soc sec id|social security number|national id|national id no|identity card|identification",
		fits: func(p profile) float64 {
			return p.withNum * one(p.distinctShare() > 0.3 && (p.words < 3 || p.phone > 0.5) && p.letter >= 4)
		},
	},
	{
		// Kenya's have seven and eight digits; shorter ones number records.
		kind: model.Identifier, meaning: "identifier", like: "numbers of identity cards",
		names: "id number|id no|uid number|uid no|birth registration no|birth registration number|birth certificate no|birth certificate number",
		fits:  func(p profile) float64 { return p.withNum * one(p.distinctShare() > 0.3 && p.letter >= 7) },
	},
	{
		kind: model.Phone, meaning: "phone", like: "telephone numbers", alone: 0.6, vague: true,
		names: "phone|telephone|mobile|cell|phone no|phone number|telephone no|telephone number|mobile no|mobile number|cell no|cell number|contact no|contact number|cellphone|msisdn|tel|telefono|telefone|celular|portable|gsm|contact|hp" +
			"|phones|mobiles|landline|handphone|whatsapp|mob|ph|mobil|movil|fono|fone|telp|tlp|tlf|cp|cp no|cp number",
		fits: func(p profile) float64 { return p.phone * one(p.distinctShare() > 0.2) },
	},
	{
		kind: model.Postcode, meaning: "postcode", like: "postcodes", alone: 0,
		names: "postcode|postal|zip|zipcode|pin|pincode|post code|postal code|plz|cep|cp|codigo postal|code postal",
		fits:  func(p profile) float64 { return p.withNum * one(p.letter <= 10) },
	},
	{
		// What tells people apart in an age is that in a short number.
		kind: model.HouseNumber, meaning: "age", like: "ages",
		names: "age|edad|idade|umur|years",
		fits:  func(p profile) float64 { return p.digits * one(p.longest <= 3) },
	},
	{
		kind: model.HouseNumber, meaning: "house number", like: "house numbers",
		names: "street number|house number|house no|door|building number|street no|numero calle|hausnummer|plot no",
		fits:  func(p profile) float64 { return p.withNum * one(p.letter <= 6 && p.distinctShare() < 0.9) },
	},
	{
		kind: model.HouseNumber, meaning: "unit number", like: "unit numbers",
		names: "unit number|unit|apartment|apt|flat|suite|unit no|floor|room",
		fits:  func(p profile) float64 { return p.withNum * one(p.letter <= 10 && p.distinctShare() < 0.9) },
	},
	{
		kind: model.GivenName, meaning: "middle", like: "names",
		names: "middle|middle name|middle initial|middlename|second name|segundo nombre|mi|deuxieme prenom",
		fits:  func(p profile) float64 { return p.letters * one(p.words < 4) },
	},
	{
		kind: model.GivenName, meaning: "given", like: "names",
		names: "first|given|forename|first name|first names|other names|firstname|given name|givenname|given names|forenames|fname|prenom|prenoms|nombre|nombres|nome|vorname|primer nombre|nama depan|christian name",
		fits:  nameLike,
	},
	{
		kind: model.FamilyName, meaning: "family", like: "names",
		names: "last|surname|family|last name|lastname|family name|familyname|lname|apellido|apellidos|primer apellido|sobrenome|nom|nom famille|nachname|famille|patronymic|marga",
		fits:  nameLike,
	},
	{
		kind: model.FamilyName, meaning: "second family", like: "names",
		names: "segundo apellido|second surname|maiden|maiden name|birth surname|materno|apellido materno|nom jeune fille",
		fits:  nameLike,
	},
	{
		kind: model.FullName, meaning: "native", like: "names",
		names: "native name|native|name native|name bengali|name local|local name|vernacular name|name bangla",
		fits:  nameLike,
	},
	{
		kind: model.FullName, meaning: "full", like: "names of several words", alone: 0,
		names: "name|names|full name|full names|fullname|first surname|first last|nombre completo|nom complet|nama|nama lengkap|complete name|given family|nombre apellido|nom prenom|primary name|nombres apellidos",
		fits:  func(p profile) float64 { return nameLike(p) * one(p.words >= 1.3 || p.distinctShare() > 0.2) },
	},
	{
		kind: model.Place, meaning: "birth place", like: "places",
		names: birthPlaceWords, fits: placeLike,
	},
	{
		kind: model.Place, meaning: "death place", like: "places",
		names: deathPlaceWords, fits: placeLike,
	},
	{
		kind: model.Category, meaning: "region", like: "a few areas",
		names: regionWords, fits: func(p profile) float64 { return one(p.distinct <= 60 || p.topShare > 0.9) },
	},
	{
		kind: model.Place, meaning: "place", like: "places",
		names: placeWords + "|" + regionWords, fits: placeLike,
	},
	{
		kind: model.Postcode, meaning: "birth place", like: "codes of areas",
		names: birthPlaceWords, fits: codeLike,
	},
	{
		kind: model.Postcode, meaning: "death place", like: "codes of areas",
		names: deathPlaceWords, fits: codeLike,
	},
	{
		// Codes of official areas name the larger area first, as postcodes do. Few of a
		// short file come twice.
		kind: model.Postcode, meaning: "place", like: "codes of areas",
		names: "area code|place code|geocode|geo code|lgd code|pcode|psgc", fits: codeLike,
	},
	{
		kind: model.Postcode, meaning: "place", like: "codes of areas",
		names: placeWords + "|" + regionWords,
		fits:  func(p profile) float64 { return codeLike(p) * one(p.distinctShare() < 0.5) },
	},
	{
		kind: model.Address, meaning: "address", like: "addresses", numbered: true,
		names: "address|street|street name|addr|road|direccion|adresse|endereco|alamat|calle|rue|line|lane",
		fits:  func(p profile) float64 { return one(p.letter >= 5 && p.digits < 0.5 && p.distinctShare() > 0.01) },
	},
	{
		kind: model.Text, meaning: "occupation", like: "short words", alone: 0,
		names: "occupation|profession|job|employment|ocupacion|profesion|metier|pekerjaan|trade",
		fits:  func(p profile) float64 { return p.letters * one(p.words < 5) },
	},
	{
		kind: model.Category, meaning: "relationship", like: "a few words",
		names: "relationship|relation|parentesco|lien|hubungan|kinship|relationship to head",
		fits:  func(p profile) float64 { return one(p.distinct <= 60) },
	},
	{
		kind: Ignore, meaning: "key", like: "numbers or codes",
		names: keyWords, fits: func(p profile) float64 { return p.code * one(p.distinctShare() > 0.5) },
	},
	{
		kind: Ignore, meaning: "status", like: "a few words",
		names: "status|version|office|type|source|flag|verified|truth|label|note|remarks|comment|plural|kind|amount|currency|channel|account|bank|iban|receipt|voucher|invoice|barcode|token|consumer",
		fits:  func(profile) float64 { return 1 },
	},
	{kind: Ignore, meaning: "number", like: "numbers", alone: 0.3, fits: func(p profile) float64 { return max(p.digits, p.decimal, p.digits+p.decimal) }},
	{kind: Ignore, meaning: "codes", like: "codes", alone: 0.3, fits: func(p profile) float64 { return p.code }},
	{
		kind: model.Address, meaning: "address", like: "addresses", alone: 0.4,
		fits: func(p profile) float64 {
			return p.withNum * one(p.words >= 2.5 && p.words <= 12 && p.distinctShare() > 0.3)
		},
	},
	{
		kind: model.Category, meaning: "category", like: "a few words", alone: 0.35,
		fits: func(p profile) float64 { return p.letters * one(p.distinct <= 30 && p.distinctShare() < 0.2) },
	},
	{
		kind: model.FullName, meaning: "full", like: "names of several words", alone: 0.35,
		fits: func(p profile) float64 {
			return nameLike(p) * one(p.words >= 1.6 && p.words < 5 && p.distinctShare() > 0.3)
		},
	},
	{
		kind: model.Text, meaning: "text", like: "words", alone: 0.3,
		fits: func(p profile) float64 { return p.letters * one(p.words < 3 && p.distinctShare() < 0.95) },
	},
	{
		kind: Ignore, meaning: "free text", like: "free text", alone: 0.2,
		fits: func(p profile) float64 { return one(p.words >= 3 || p.distinctShare() > 0.95) },
	},
}

// Beside the English words stand those of the levels of areas of the countries served, as
// their locale packs have them.
const (
	placeWords = "city|suburb|town|township|village|place|locality|municipality|comuna|commune|ciudad|ville|municipio|kecamatan|desa|kelurahan|barangay|ward|upazila|thana|mouza|gram|tehsil|taluk|localidad|location|" +
		"bibhag|pourashava|union|zila|zilla|governorate|markaz|muhafazah|qarya|qism|ganda|kebele|kilil|wereda|woreda|zone|kab|kec|kel|kota|propinsi|regency|" +
		"block|gaon|jila|mandal|panchayat|rajya|subdistrict|tahsil|taluka|constituency|lokesheni|sublocation|subcounty|wadi|khaet|khan|khet|khum|phum|sangkat|srok|" +
		"ban|khoueng|muang|divisional secretariat|grama niladhari|khayaing|myone|aimag|bag|duureg|hot|khoroo|soum|sum|daerah|jajahan|kg|mukim|negeri|" +
		"gaunpalika|jilla|nagarpalika|palika|pradesh|wada|barrio|bayan|bgy|brgy|lungsod|munisipyo|probinsya|rehiyon|suba|uc|amphoe|changwat|khwaeng|moo|mu|muban|tambon|" +
		"cell|disitulikiti|essaza|gombolola|kyalo|muluka|parish|ap|huyen|phuong|quan|thanh pho|thi tran|xa|thon|tinh|to dan pho|" +
		"distrik|munisipaliteit|provinsie|umasipala|wyk"
	keyWords        = "id|key|uid|uuid|record|rec|row|serial|no|number|num|code|registration|folio|acta|index"
	birthPlaceWords = "birth place|birthplace|place of birth|place birth|lugar nacimiento|lieu naissance|tempat lahir|pob"
	deathPlaceWords = "death place|deathplace|place of death|place death|lugar fallecimiento|lugar defuncion|lieu deces"
	regionWords     = "state|province|region|country|division|county|district|departamento|provincia|estado|provinsi|kabupaten|area|area code|district code|nationality|ethnicity|religion|caste|language|race"
)

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func anyDate(p profile) float64 { return p.date }

// codeLike is for codes of areas.
func codeLike(p profile) float64 { return p.code * one(p.letter <= 15) }

func nameLike(p profile) float64 { return p.letters * one(p.words < 6 && p.distinctShare() > 0.002) }

func placeLike(p profile) float64 { return max(p.letters, 0.7*one(p.withNum < 0.6)) * one(p.words < 6) }
