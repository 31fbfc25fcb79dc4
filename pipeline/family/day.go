package family

import "time"

// Day is a date that may be unsure.
type Day struct {
	Earliest  string `json:"earliest"` // 2006-01-02; "" when unknown
	Latest    string `json:"latest"`
	Precision string `json:"precision"` // exact, near, month, year, age or default
	Written   string `json:"written"`
}

// known says that there is a date.
func (d Day) known() bool { return d.Earliest != "" }

// String is the date as far as it is known: 2011-03-02, 2011-03, 2011, about 2011.
func (d Day) String() string {
	if !d.known() {
		return ""
	}
	year := d.Earliest[:4]
	switch {
	case d.Precision == "month":
		return d.Earliest[:7]
	case d.Precision == "year", d.Precision == "default":
		return year
	case d.Precision == "age" && d.Latest[:4] != year:
		return year + "–" + d.Latest[:4]
	case d.Precision == "age":
		return "about " + year
	case d.Precision == "near":
		return "about " + middle(d).Format(time.DateOnly)
	}
	return d.Earliest
}

// middle is the day in the middle of the interval, the zero time when it is unknown.
func middle(d Day) time.Time {
	from, err := time.Parse(time.DateOnly, d.Earliest)
	to, err2 := time.Parse(time.DateOnly, d.Latest)
	if err != nil || err2 != nil {
		return time.Time{}
	}
	return from.Add(to.Sub(from) / 2).Truncate(24 * time.Hour)
}

// before says that one date is surely before another; false where either is unknown.
func (d Day) before(day string) bool { return d.known() && day != "" && d.Latest < day }

// after says that one date is surely after another; false where either is unknown.
func (d Day) after(day string) bool { return d.known() && day != "" && d.Earliest > day }

// years are the whole years from one date to another; false where either is unknown.
func years(from, to Day) (int, bool) {
	a, b := middle(from), middle(to)
	if a.IsZero() || b.IsZero() || b.Before(a) {
		return 0, false
	}
	n := b.Year() - a.Year()
	if b.AddDate(-n, 0, 0).Before(a) {
		n--
	}
	return n, true
}
