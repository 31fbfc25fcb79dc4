package synth

// Yearly rates of the lives. The shapes are stylised from model life tables and
// fertility schedules; only their order of magnitude is meant.

// lifeTable is the chance to die within a year by sex and age.
func lifeTable(factor float64) [2][121]float64 {
	// Ages and chances between which the table is interpolated.
	knots := [...]struct {
		age    int
		chance bySex
	}{
		{0, bySex{0.034, 0.029}},
		{1, bySex{0.004, 0.004}},
		{5, bySex{0.0012, 0.0011}},
		{15, bySex{0.0012, 0.0010}},
		{25, bySex{0.0020, 0.0015}},
		{35, bySex{0.0028, 0.0019}},
		{45, bySex{0.0050, 0.0032}},
		{55, bySex{0.0110, 0.0070}},
		{65, bySex{0.0260, 0.0180}},
		{75, bySex{0.0640, 0.0490}},
		{85, bySex{0.1450, 0.1220}},
		{95, bySex{0.3000, 0.2700}},
		{120, bySex{0.9, 0.9}},
	}
	var table [2][121]float64
	for sex := range table {
		for k := range len(knots) - 1 {
			a, b := knots[k], knots[k+1]
			for age := a.age; age <= b.age; age++ {
				part := float64(age-a.age) / float64(b.age-a.age)
				table[sex][age] = min(0.95, factor*(a.chance[sex]+part*(b.chance[sex]-a.chance[sex])))
			}
		}
	}
	return table
}

// mortalityThen multiplies the chance to die years before the end: a third more
// in each decade for children, less for adults.
func mortalityThen(age int, yearsAgo float64) float64 {
	if age < 5 {
		return 1 + 0.07*yearsAgo
	}
	return 1 + 0.012*yearsAgo
}

// fertilityShape is the share of a woman's children by age group 15-19 … 45-49,
// a year of age each, before the factor of marriage.
var fertilityShape = [7]float64{0.022, 0.055, 0.052, 0.036, 0.021, 0.011, 0.003}

// firstMarriage is the yearly chance to marry for a woman who never did.
func firstMarriage(age int) float64 {
	switch {
	case age < 16:
		return 0
	case age < 19:
		return 0.16
	case age < 30:
		return 0.24
	case age < 40:
		return 0.08
	case age < 50:
		return 0.02
	}
	return 0
}

// remarriage is the yearly chance to marry again for a widow or divorced woman.
func remarriage(age int) float64 {
	switch {
	case age < 35:
		return 0.14
	case age < 50:
		return 0.04
	case age < 70:
		return 0.008
	}
	return 0
}
