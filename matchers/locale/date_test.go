package locale

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"rollcall/matchers/locale/calendar"
)

func TestDatesInWords(t *testing.T) {
	for _, c := range []struct{ in, want, rules string }{
		{"5 มี.ค. 2567", "2024-03-05", "date_form calendar_buddhist"},
		{"วันที่ ๕ เดือน มีนาคม พ.ศ. ๒๕๖๗", "2024-03-05", "date_form calendar_buddhist"},
		{"5 มีนาคม ค.ศ. 2024", "2024-03-05", "date_form"},
		{"ngày 5 tháng 3 năm 2024", "2024-03-05", "date_form"},
		{"mùng 5 tháng ba năm 2024", "2024-03-05", "date_form"},
		{"2024 оны 3-р сарын 5", "2024-03-05", "date_form"},
		{"2024 оны гуравдугаар сарын 5-ны өдөр", "2024-03-05", "date_form"},
		{"2024年3月5日", "2024-03-05", "date_form"},
		{"ថ្ងៃទី៥ ខែមីនា ឆ្នាំ២០២៤", "2024-03-05", "date_form"},
		{"ວັນທີ 5 ເດືອນ ມີນາ ປີ 2024", "2024-03-05", "date_form"},
		{"၂၀၂၄ ခုနှစ် မတ်လ ၅ ရက်", "2024-03-05", "date_form"},
		{"5 Maret 2024", "2024-03-05", "date_form"},
		{"tanggal 5 bulan 3 tahun 2024", "2024-03-05", "date_form"},
		{"ika-5 ng Marso 2024", "2024-03-05", "date_form"},
		{"tarehe 5 Machi 2024", "2024-03-05", "date_form"},
		{"5 de marzo de 2024", "2024-03-05", "date_form"},
		{"٥ مارس ٢٠٢٤م", "2024-03-05", "date_form"},
		{"۵ مارچ ۲۰۲۴ء", "2024-03-05", "date_form"},
		{"५ मार्च २०२४", "2024-03-05", "date_form"},
		{"৫ই মার্চ ২০২৪ ইং", "2024-03-05", "date_form"},
		{"5 மார்ச் 2024", "2024-03-05", "date_form"},
		{"2024 මාර්තු 5", "2024-03-05", "date_form"},
		{"Tuesday, 5 March 2024", "2024-03-05", "date_form"},
		{"वि.सं. २०७२ बैशाख १२ गते", "2015-04-25", "date_form calendar_bikram"},
		{"12 Baisakh 2072", "2015-04-25", "date_form calendar_bikram"},
		{"2072/01/12 B.S.", "2015-04-25", "calendar_bikram"},
		{"৮ ফাল্গুন ১৪২৭ বঙ্গাব্দ", "2021-02-21", "date_form calendar_bangla"},
		{"8 Falgun 1427", "2021-02-21", "date_form calendar_bangla"},
		{"1 Muharram 1445", "2023-07-19", "date_form calendar_hijri"},
		{"١ محرم ١٤٤٥ هـ", "2023-07-19", "date_form calendar_hijri"},
		{"01/01/1445 AH", "2023-07-19", "date_form calendar_hijri"},
		{"12 ربيع الأول 1445", "2023-09-27", "date_form calendar_hijri"},
		{"1 Meskerem 2000", "2007-09-12", "date_form calendar_ethiopian"},
		{"መስከረም 1 ቀን 2000 ዓ.ም", "2007-09-12", "date_form calendar_ethiopian"},
		{"6 Pagume 2015", "2023-09-11", "date_form calendar_ethiopian"},
		{"6 Pagume 2016", "", "date_form calendar_ethiopian impossible_in_ethiopian"},
		{"30 Poush 2081", "", "date_form calendar_bikram impossible_in_bikram"},
		{"31/02/2024", "", "date_form impossible_in_gregorian"},
		{"2072 BS", "2015-04-14/2016-04-12", "calendar_bikram"},
		{"Baisakh 2072", "2015-04-14/2015-05-14", "date_form calendar_bikram"},
		{"5 March 2024 AH", "", "unreadable"},
		{"about 65 in 2019", "1951-01-02/1956-12-31", "age about"},
		{"aged 65 on 2019-03-01", "1953-03-02/1954-03-01", "age"},
		{"age 65 on 2019-01-01", "1953-01-02/1954-01-01", "age"},
		{"65 yrs", "", "age_undated"},
		{"৬৫ বছর", "", "age_undated"},
		{"อายุ 65 ปี", "", "age_undated"},
		{"circa 1955", "1953-01-01/1957-12-31", "about"},
		{"প্রায় ৬৫ বছর (২০১৯ সালে)", "1951-01-02/1956-12-31", "age about"},
		{"2019 में लगभग 65", "1951-01-02/1956-12-31", "age about"},
		{"อายุประมาณ 65 ปี ในปี 2562", "1951-01-02/1956-12-31", "calendar_buddhist age about"},
		{"unos 65 años en 2019", "1951-01-02/1956-12-31", "age about"},
		{"takriban miaka 65 mwaka 2019", "1951-01-02/1956-12-31", "date_form age about"},
		{"mga 65 anyos noong 2019", "1951-01-02/1956-12-31", "age about"},
		{"lebih kurang 65 tahun (2019)", "1951-01-02/1956-12-31", "age about"},
		{"ប្រហែល ៦៥ ឆ្នាំ ក្នុងឆ្នាំ ២០១៩", "1951-01-02/1956-12-31", "age about"},
		{"၂၀၁၉ ခုနှစ်တွင် အသက် ၆၅ နှစ်", "1953-01-02/1954-12-31", "age"},
		{"2019 онд ойролцоогоор 65 настай", "1951-01-02/1956-12-31", "date_form age about"},
		{"حوالي 65 سنة في 2019", "1951-01-02/1956-12-31", "age about"},
		{"تقریباً 65 سال 2019 میں", "1951-01-02/1956-12-31", "age about"},
		{"2019 දී අවුරුදු 65", "1953-01-02/1954-12-31", "age"},
		{"சுமார் 65 வயது (2019)", "1951-01-02/1956-12-31", "age about"},
		{"65 ዓመት በ2019", "1953-01-02/1954-12-31", "age"},
		{"about 5, 2019", "2017-05-01/2021-05-31", "date_form about"}, // May: no age by itself
		{"60-65 in 2019", "1953-01-02/1959-12-31", "age"},
		{"5 - 10 years in 2019", "2008-01-02/2014-12-31", "age"},
		{"aged 60–65 on 2019-03-01", "1953-03-02/1959-03-01", "age"},
		{"৬০-৬৫ বছর ২০১৯ সালে", "1953-01-02/1959-12-31", "age"},
		{"65-60 in 2019", "", "date_form impossible_in_gregorian"},
		{"8 months in 2019", "2018-04-02/2019-04-30", "age"},
		{"8 months old on 2019-03-01", "2018-06-02/2018-07-01", "age"},
		{"aged 10 days on 2019-03-01", "2019-02-19/2019-02-19", "age"},
		{"3 weeks old on 2019-03-01", "2019-02-02/2019-02-08", "age"},
		{"8 meses en 2019", "2018-04-02/2019-04-30", "age"},
		{"2019 সালে বয়স 8 মাস", "2018-04-02/2019-04-30", "age"},
		{"umur 8 bulan pada 2019", "2018-04-02/2019-04-30", "age"},
		{"8 tháng 3 năm 2019", "2019-03-08", "date_form"},
		{"2019 оны 3 сарын 8 өдөр", "2019-03-08", "date_form"},
		{"8 hari bulan 3 tahun 2019", "2019-03-08", "date_form"},
		{"born 1960", "1960", ""},
		{"DOB: 12/3/1960", "1960-03-12", "date_form"},
		{"জন্ম তারিখ ১২/৩/১৯৬০", "1960-03-12", "date_form"},
		{"जन्म मिति 12 Baisakh 2072", "2015-04-25", "date_form calendar_bikram"},
		{"เกิดวันที่ 5 มีนาคม 2527", "1984-03-05", "date_form calendar_buddhist"},
		{"sinh năm 1960", "1960", "date_form"},
		{"nacida el 5 de marzo de 1984", "1984-03-05", "date_form"},
		{"lahir 12 Agustus 1902", "1902-08-12", "date_form"},
		{"مواليد 1960", "1960", ""},
		{"1990 оны 13 сарын 1", "", "date_form impossible_in_gregorian"},
		{"ngày 1 tháng 13 năm 1990", "", "date_form impossible_in_gregorian"},
		{"1983-03-02/1984-03-01", "1983-03-02/1984-03-01", ""},
		{"65", "", "unreadable"},
	} {
		iv, rules := Date(c.in, DayFirst)
		if iv.String() != c.want || strings.Join(rules, " ") != c.rules {
			t.Errorf("Date(%q) = %q by %v, want %q by %s", c.in, iv, rules, c.want, c.rules)
		}
	}
}

func TestUndatedAgesTakeTheDayOfTheFile(t *testing.T) {
	d := Dates{On: time.Date(2019, 3, 1, 0, 0, 0, 0, time.UTC)}
	for _, in := range []string{"65 yrs", "65 years old", "umur 65 tahun", "65 años", "65 tuổi", "miaka 65", "उम्र ६५ वर्ष"} {
		if iv, rules := d.Read(in); iv.String() != "1953-03-02/1954-03-01" {
			t.Errorf("%q is %q by %v", in, iv, rules)
		}
	}
}

// No word is a month of two numbers in one calendar, and none stands for two
// calendars of different years.
func TestMonthNamesAreUnambiguous(t *testing.T) {
	seen := map[string]string{}
	for _, m := range monthsOf {
		for line := range strings.Lines(strings.TrimSpace(m.names)) {
			for i, name := range strings.Fields(line)[1:] {
				key, means := foldMonth(name), fmt.Sprintf("%s %d", m.calendars[0], i+1)
				if key == "-" {
					continue
				}
				if before, ok := seen[key]; ok && before != means {
					t.Errorf("%s is %s and %s", name, before, means)
				}
				seen[key] = means
			}
		}
	}
}

func TestColumnsOfOtherCalendars(t *testing.T) {
	for _, c := range []struct{ calendars, in, want, rules string }{
		{"bikram gregorian", "2055-03-12", "1998-06-26", "calendar_bikram"},
		{"bikram gregorian", "1998-06-26", "1941-10-11", "calendar_bikram"},
		{"bikram gregorian", "1930-06-26", "1930-06-26", "calendar_mixed"},
		{"bikram gregorian", "2105-01-01", "", "year_implausible"}, // no table has it, and nobody is born then
		{"gregorian bikram", "2105-01-01", "2105-01-01", ""},
		{"gregorian bikram", "1998-06-26", "1998-06-26", ""},
		{"gregorian bikram", "2055-03-12", "1998-06-26", "calendar_bikram calendar_mixed"},
		{"bikram gregorian", "2055-03-32", "1998-07-16", "calendar_bikram"},
		{"thai gregorian", "05/01/2482", "1940-01-05", "date_form calendar_thai"},
		{"thai gregorian", "05/01/2483", "", "date_form calendar_thai impossible_in_thai"},
		{"thai gregorian", "5/1/67", "2024-01-05", "two_digit_year date_form calendar_thai"},
		{"thai gregorian", "2470", "1927-04-01/1928-03-31", "calendar_thai"},
		{"ethiopian gregorian", "2012-13-03", "2020-09-08", "calendar_ethiopian"},
		{"hijri gregorian", "1445-01-01", "2023-07-19", "calendar_hijri"},
		{"gregorian hijri", "1445-01-01", "2023-07-19", "calendar_hijri calendar_mixed"},
		{"", "1445-01-01", "1445-01-01", ""},
		{"", "25670305", "2024-03-05", "date_form calendar_buddhist"},
	} {
		d := Dates{Calendars: strings.Fields(c.calendars), LatestYear: 2025}
		iv, rules := d.Read(c.in)
		slices.Sort(rules)
		want := strings.Fields(c.rules)
		slices.Sort(want)
		if iv.String() != c.want || !slices.Equal(rules, want) {
			t.Errorf("%s as %s = %q by %v, want %q by %v", c.in, c.calendars, iv, rules, c.want, want)
		}
	}
}

func TestOrders(t *testing.T) {
	for _, c := range []struct {
		values, in, want string
	}{
		{"13/02/1984 03/04/1985", "03/04/1984", "1984-04-03"},
		{"02/13/1984 03/04/1985", "03/04/1984", "1984-03-04"},
		{"1984/13/02 1990/14/03 1991/25/12", "1984/03/04", "1984-04-03"},
		{"1984/02/13", "1984/03/04", "1984-03-04"},
		{"84/02/13 91-12-24", "84/03/04", "1984-03-04"},
		{"84/13/02 91-24-12 84/15/03", "84/03/04", "1984-04-03"},
		{"13/02/84", "03/04/84", "1984-04-03"},
		{"1984/02/13 1985/02/14 02/13/1984", "03/04/1984", "1984-03-04"},
	} {
		d := Dates{Order: LearnOrder(slices.Values(strings.Fields(c.values))), LatestYear: 2025}
		if again := ReadingOf(d.String()); again.Order != d.Order || again.LatestYear != d.LatestYear {
			t.Errorf("%s reads back as %s", d, again)
		}
		if iv, _ := d.Read(c.in); iv.String() != c.want {
			t.Errorf("%s in a column of %s (%s) is %s, want %s", c.in, c.values, d, iv, c.want)
		}
	}
}

// TestThirteenMonths: where years have thirteen, 5/13 does not tell that months come
// first.
func TestThirteenMonths(t *testing.T) {
	column := map[string]int{"5/13/1980": 1, "3/13/1979": 1, "4/13/1971": 1, "30/01/1975": 1}
	late := map[string]int{"5/2/1980": 1, "7/13/1979": 1, "12/13/1971": 1}
	d := LearnDates(maps.All(late), &Pack{Calendars: []string{calendar.Ethiopian}})
	if iv, _ := d.Read("7/13/1979"); iv.String() != "1987-03-22" {
		t.Errorf("7/13/1979 is %s in a column of %v (%s): the 13th month has no 7th day", iv, late, d)
	}
	for _, c := range []struct{ calendar, in, want string }{
		{calendar.Ethiopian, "5/13/1980", "1988-09-10"},
		{calendar.Ethiopian, "30/01/1975", "1982-10-10"},
		{calendar.Gregorian, "5/13/1980", "1980-05-13"},
	} {
		d := LearnDates(maps.All(column), &Pack{Calendars: []string{c.calendar}})
		if iv, _ := d.Read(c.in); iv.String() != c.want {
			t.Errorf("%s in a column of %s (%s) is %s, want %s", c.in, c.calendar, d, iv, c.want)
		}
	}
}

// dates are so many days of a calendar, drawn evenly, as year-month-day.
func dates(name string, firstYear, lastYear, n int) []string {
	c, _ := calendar.Named(name)
	first, _, _ := c.Year(firstYear)
	_, last, _ := c.Year(lastYear)
	rng := rand.New(rand.NewPCG(1, 2))
	out := make([]string, n)
	for i := range out {
		d, _ := c.Date(first + rng.IntN(last-first+1))
		out[i] = fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	}
	return out
}

func counted(values []string) iter.Seq2[string, int] {
	counts := map[string]int{}
	for _, v := range values {
		counts[v]++
	}
	return func(yield func(string, int) bool) {
		for v, n := range counts {
			if !yield(v, n) {
				return
			}
		}
	}
}

func TestLearnCalendar(t *testing.T) {
	nepal := &Pack{Calendars: []string{calendar.BikramSambat, calendar.Gregorian}}
	india := &Pack{Calendars: []string{calendar.Gregorian, calendar.BikramSambat}}
	bangladesh := &Pack{Calendars: []string{calendar.Gregorian, calendar.Bangla, calendar.Hijri}}
	for _, c := range []struct {
		what   string
		pack   *Pack
		values []string
		want   string // the first
	}{
		{"Gregorian", &Pack{}, dates(calendar.Gregorian, 1930, 2020, 5000), ""},
		{"Gregorian, all ages, in Nepal", nepal, dates(calendar.Gregorian, 1930, 2020, 5000), calendar.Gregorian},
		{"Bikram Sambat in Nepal", nepal, dates(calendar.BikramSambat, 1990, 2080, 5000), calendar.BikramSambat},
		{"the old in Nepal", nepal, dates(calendar.BikramSambat, 1980, 2012, 3000), calendar.BikramSambat},
		{"the old, in a pack with the Gregorian first", india, dates(calendar.BikramSambat, 1980, 2012, 3000), calendar.BikramSambat},
		{"the old, too few to tell", india, dates(calendar.BikramSambat, 1980, 2012, 40), calendar.Gregorian},
		{"the old, without a pack", &Pack{}, dates(calendar.BikramSambat, 1980, 2012, 3000), calendar.BikramSambat},
		{"Bikram Sambat without a pack", &Pack{}, dates(calendar.BikramSambat, 2045, 2080, 300), calendar.BikramSambat},
		{"Ethiopian without a pack", &Pack{}, dates(calendar.Ethiopian, 1930, 2015, 3000), calendar.Ethiopian},
		{"Bangla", bangladesh, dates(calendar.Bangla, 1340, 1430, 3000), calendar.Bangla},
		{"Hijri", bangladesh, dates(calendar.Hijri, 1340, 1445, 3000), calendar.Hijri},
		{"Hijri without a pack", &Pack{}, dates(calendar.Hijri, 1340, 1445, 3000), calendar.Hijri},
	} {
		d := LearnDates(counted(c.values), c.pack)
		got := ""
		if len(d.Calendars) > 0 {
			got = d.Calendars[0]
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestLearnDefaultDays(t *testing.T) {
	heaped := func(share float64, at ...string) []string {
		values := dates(calendar.Gregorian, 1930, 2000, 4000)
		for i := range int(share * float64(len(values))) {
			values[i] = values[i][:4] + "-" + at[i%len(at)]
		}
		return values
	}
	var fifteenth []string
	for month := 1; month <= 12; month++ {
		fifteenth = append(fifteenth, fmt.Sprintf("%02d-15", month))
	}
	oneDay := dates(calendar.Gregorian, 1930, 2000, 4000)
	for i := range 500 {
		oneDay[i] = "1977-07-01"
	}
	baisakh := dates(calendar.BikramSambat, 1990, 2080, 4000)
	for i := range 400 {
		baisakh[i] = baisakh[i][:4] + "-01-01"
	}
	for _, c := range []struct {
		what   string
		values []string
		want   string
	}{
		{"no heap", heaped(0), ""},
		{"the first of January", heaped(0.1, "01-01"), "01-01"},
		{"January and July", heaped(0.1, "01-01", "07-01"), "01-01 07-01"},
		{"a tenth liking round days", heaped(0.1, "01-10", "02-10", "03-10", "04-10", "05-10", "06-10", "07-10", "08-10", "09-10", "10-10", "11-10", "12-10"), ""},
		{"the fifteenth of every month", heaped(0.4, fifteenth...), "00-15"},
		{"a disaster on one day", oneDay, ""},
		{"too few", heaped(0.1, "01-01")[:450], ""},
		{"1 Baisakh", baisakh, "bikram-01-01"},
	} {
		var got []string
		for _, md := range LearnDates(counted(c.values), &Pack{}).Defaults {
			got = append(got, md.String())
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: default days %v, want %s", c.what, got, c.want)
		}
	}
}

func TestReadingsComeBack(t *testing.T) {
	d := Dates{
		Order: MonthFirst | YearFirst, LatestYear: 2024, Calendars: []string{calendar.BikramSambat, calendar.Gregorian},
		Defaults: []MonthDay{{1, 1, calendar.BikramSambat}, {7, 1, ""}, {0, 15, ""}},
	}
	const want = "month first, two-digit year first to 2024; calendars bikram gregorian; defaults bikram-01-01 07-01 00-15"
	if d.String() != want || ReadingOf(want).String() != want {
		t.Errorf("%s reads back as %s", d, ReadingOf(d.String()))
	}
	if got := ReadingOf("day first to 2019"); got.LatestYear != 2019 || got.Order != DayFirst {
		t.Errorf("day first to 2019 reads back as %s", got)
	}
}

func FuzzReading(f *testing.F) {
	f.Add("day first to 2019; calendars thai; defaults 01-01", "1/2/84")
	f.Add("month first; calendars hijri-tabular coptic saka; defaults 00-15", "30 ذو الحجة 1445")
	f.Fuzz(func(t *testing.T, reading, s string) {
		d := ReadingOf(reading)
		if again := ReadingOf(d.String()); again.String() != d.String() {
			t.Errorf("%q reads back as %q", d, again)
		}
		iv, rules := d.Read(s)
		if iv.Known() && iv.Latest.Before(iv.Earliest) {
			t.Errorf("%q read as %q is %s to %s by %v", s, d, iv.Earliest, iv.Latest, rules)
		}
		LearnDates(counted([]string{s}), &Pack{})
	})
}
