package synth

import "strconv"

// areas is the tree division > district > sub-district > village. Codes are
// digits, each level the parent's and its own: 2 + 2 + 4 + 2.
type areas struct {
	country      *country
	subdistricts int
	districts    int
	// codes and names by village, filled once: codes are written in each row.
	codes []string
}

// reformed is the day on which some villages got new codes: registrations before
// it bear the old ones.
func reformed() day { return dayOf(2022, 1, 1) }

func newAreas(c *country) areas {
	a := areas{country: c, subdistricts: c.shards * villagesInShard / villagesInSubdistrict}
	a.districts = min(c.preset.districts, max(2, a.subdistricts/4))
	a.codes = make([]string, a.subdistricts*villagesInSubdistrict)
	for v := range a.codes {
		a.codes[v] = string(appendDigits(appendDigits([]byte(a.districtCode(v/villagesInSubdistrict%a.districts)),
			uint64(v/villagesInSubdistrict/a.districts+1), 4), uint64(v%villagesInSubdistrict+1), 2))
	}
	return a
}

func (a *areas) division(district int) int { return district % len(a.country.preset.divisions) }

func (a *areas) divisionCode(division int) string {
	return string(appendDigits(nil, uint64(division+1)*10, 2))
}

func (a *areas) districtCode(district int) string {
	return a.divisionCode(a.division(district)) + string(appendDigits(nil, uint64(district+1), 2))
}

// village is the code of a village.
func (a *areas) village(v uint64) string { return a.codes[v] }

// office is the registry office of a sub-district.
func (a *areas) office(v uint64) string { return a.codes[v][:8] }

// oldCode is the code that a village had before the reform, or "" when it kept its own.
func (a *areas) oldCode(v uint64) string {
	if unitOf(a.country.seed, v, 12) >= 0.1 {
		return ""
	}
	return "X" + a.codes[v]
}

// name makes a place name from syllables.
func placeName(seed, number uint64) string {
	starts := [...]string{"Ama", "Bel", "Cho", "Dar", "Ela", "Gor", "Hal", "Ina", "Jor", "Kal", "Lun", "Mor", "Nar", "Ola", "Pol", "Ran", "Sal", "Tor", "Uma", "Vel"}
	ends := [...]string{"pur", "gaon", "dia", "bari", "ton", "lia", "mar", "ghat", "tala", "nagar", "kandi", "para", "ville", "sona", "rana", "chor"}
	h := mix(seed*31 + number)
	middle := [...]string{"", "i", "a", "en", "u", "or"}
	return starts[h%20] + middle[h>>8%6] + ends[h>>16%16]
}

// para is a quarter of a village, part of the address.
func para(village uint64, house int32) string {
	names := [...]string{"North Para", "South Para", "East Para", "West Para", "Middle Para", "Bazar Road", "Mosque Road", "School Road", "River Side", "Old Hat"}
	return names[(village*7+uint64(house)/12)%uint64(len(names))]
}

// tree writes the area tree, level by level.
func (a *areas) tree() []byte {
	out := []byte("area_code,parent_code,level,name\n")
	row := func(code, parent, level, name string) {
		out = append(append(append(append(append(append(append(append(out, code...), ','), parent...), ','), level...), ','), name...), '\n')
	}
	for d, name := range a.country.preset.divisions {
		row(a.divisionCode(d), "", "division", name)
	}
	for d := range a.districts {
		row(a.districtCode(d), a.divisionCode(a.division(d)), "district", placeName(a.country.seed, uint64(d)))
	}
	for s := range a.subdistricts {
		code := a.codes[s*villagesInSubdistrict]
		row(code[:8], code[:4], "subdistrict", placeName(a.country.seed, uint64(1000+s)))
	}
	for v, code := range a.codes {
		row(code, code[:8], "village", placeName(a.country.seed, uint64(1_000_000+v))+" "+strconv.Itoa(v%villagesInSubdistrict+1))
	}
	return out
}

// directory writes the code directory: every code is itself, old ones lead to
// their successors until the day of the reform.
func (a *areas) directory() []byte {
	out := []byte("source_code,canonical_code,valid_from,valid_to\n")
	last := ""
	for v, code := range a.codes {
		if code[:8] != last {
			last = code[:8]
			out = append(append(append(append(out, last...), ','), last...), ",,\n"...)
		}
		out = append(append(append(append(out, code...), ','), code...), ",,\n"...)
		if old := a.oldCode(uint64(v)); old != "" {
			out = append(append(append(append(out, old...), ','), code...), ",,2021-12-31\n"...)
		}
	}
	return out
}
