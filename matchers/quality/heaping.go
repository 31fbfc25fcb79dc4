package quality

import "math"

// Ages at which people are counted: the index is the age in whole years.
type Ages []int

func (a Ages) at(age int) int {
	if age < 0 || age >= len(a) {
		return 0
	}
	return a[age]
}

// Span is ages from the first to the last, both counted. In a span for Whipple's
// index every last digit modulo five comes equally often, and the multiples of five
// lie about its middle, so that a population that falls or rises evenly gives 100.
type Span struct{ First, Last int }

// The spans of Whipple's index: that of its definition, and one for rosters of old
// people, whom the first leaves out.
var (
	Adults = Span{23, 62}
	Old    = Span{63, 87}
)

// Whipple is Whipple's index of heaping on ages that end in 0 or 5: how many have
// such an age, in percent of a fifth of all. 100 is no heaping, 500 is nobody with
// another age.
//
//	W = 100 · (P25 + P30 + … + P60) / ((P23 + P24 + … + P62) / 5)
//
// (Shryock and Siegel, "The Methods and Materials of Demography", chapter 8; United
// Nations, Demographic Yearbook, technical notes.)
type Whipple struct {
	Span     Span
	People   int     // counted
	Index    float64 // 0 without people
	ByChance float64 // what one index of twenty passes where nobody rounds
}

// NewWhipple is the index of ages within a span.
func NewWhipple(ages Ages, span Span) Whipple { return strongest(ages, span, 1) }

// strongest is the index where it is the strongest of several that were tried.
func strongest(ages Ages, span Span, tries int) Whipple {
	w := Whipple{Span: span}
	heaped := 0
	for age := span.First; age <= span.Last; age++ {
		w.People += ages.at(age)
		if age%5 == 0 {
			heaped += ages.at(age)
		}
	}
	if w.People == 0 {
		return w
	}
	n := float64(w.People)
	w.Index = 500 * float64(heaped) / n
	// A fifth of n people: a binomial count, whose share has the deviation
	// sqrt(1/5 · 4/5 / n).
	const deviation, risk = 500 * 0.4, 0.05
	w.ByChance = 100 + math.Sqrt2*math.Erfinv(1-2*risk/float64(tries))*deviation/math.Sqrt(n)
	return w
}

// Heaped tells an index that is more than chance and more than a little.
func (w Whipple) Heaped() bool { return w.Index > w.ByChance && w.Index >= whippleMarks[0].below }

// whippleMarks are the words of the United Nations for the index.
var whippleMarks = []struct {
	below float64
	words string
}{
	{105, "highly accurate"},
	{110, "fairly accurate"},
	{125, "approximate"},
	{175, "rough"},
	{math.Inf(1), "very rough"},
}

// Words say how good ages of such an index are.
func (w Whipple) Words() string {
	i := 0
	for w.Index >= whippleMarks[i].below {
		i++
	}
	return whippleMarks[i].words
}

// Myers is Myers' blended index of preference for any last digit: the least share
// of people, in percent, whose age ends in another digit than it should. 0 is no
// preference, 90 is everyone at one digit.
//
// Ages from 10 to 89 are summed by their last digit a, once without the last ten
// ages and once without the first ten, and blended with the weights a+1 and 9-a,
// which takes out that there are fewer people at each age than at the one before;
// the index is half the sum of how far the ten shares are from 10% (Myers 1940,
// "Errors and Bias in the Reporting of Ages in Census Data", Transactions of the
// Actuarial Society of America 41; Shryock and Siegel, chapter 8).
type Myers struct {
	People   int // from 10 to 89 years old
	Index    float64
	ByChance float64     // what one index of twenty passes where nobody prefers a digit
	Shares   [10]float64 // blended, by last digit, in percent
}

// NewMyers is the index of ages.
func NewMyers(ages Ages) Myers {
	const first, last = 10, 89
	var m Myers
	var all, squares float64 // of the weights of all people
	for age := first; age <= last; age++ {
		digit := age % 10
		weight := 0
		if age <= last-10 {
			weight += digit + 1
		}
		if age >= first+10 {
			weight += 9 - digit
		}
		m.People += ages.at(age)
		m.Shares[digit] += float64(weight * ages.at(age))
		all += float64(weight * ages.at(age))
		squares += float64(weight * weight * ages.at(age))
	}
	if all == 0 {
		return m
	}
	for digit := range m.Shares {
		m.Shares[digit] *= 100 / all
		m.Index += math.Abs(m.Shares[digit]-10) / 2
	}
	// Each share has the deviation 30/sqrt(n) percent, n being as many people as the
	// weighted ones are worth. Half the sum of the ten amounts is 4 times that on
	// average; one time in twenty it passes passed times, which was found by drawing
	// digits at random (see the test), as the amounts depend on each other.
	const deviation, passed = 30, 5.66
	m.ByChance = passed * deviation * math.Sqrt(squares) / all
	return m
}

// Told is how ages must have been told for the years of birth that follow from them
// to be as heaped as they are.
type Told struct {
	Year int // the last of the years, each five before the next, that fit best
	Whipple
	Myers Myers // of ages in that year
}

// ToldIn looks for heaping in years of birth, where it is not known when people
// told their ages: for each of the last five years it reckons the ages, and gives
// the year that makes the index strongest. The chance of the index counts that
// five were tried.
func ToldIn(births map[int]int, lastYear int) Told {
	const tries = 5
	var best Told
	for year := lastYear; year > lastYear-tries; year-- {
		ages := agesIn(births, year)
		span := Adults
		if adults := strongest(ages, Adults, tries); adults.People < strongest(ages, Old, tries).People {
			span = Old
		}
		if w := strongest(ages, span, tries); w.Index > best.Index {
			best = Told{Year: year, Whipple: w, Myers: NewMyers(ages)}
		}
	}
	return best
}

// agesIn is how old the people born in those years became in one year.
func agesIn(births map[int]int, year int) Ages {
	const oldest = 130
	ages := make(Ages, oldest+1)
	for born, people := range births {
		if age := year - born; age >= 0 && age <= oldest {
			ages[age] += people
		}
	}
	return ages
}
