package kernel

// Files up to wholeRows are searched whole for decoys; of larger ones about
// sampleRows are compared with up to decoyStrides times as many.
const (
	wholeRows    = 10_000
	sampleRows   = 40_000
	decoyStrides = 4
)

// Decoys is a plan that looks inside one file with the rules of a plan for two,
// and what its rows are in that file.
type Decoys struct {
	Plan        *Plan
	Left, Right []int32 // rows of the file by row of the plan
	Pairs       float64 // pairs of rows that the plan looks at
}

// Inside makes a plan that looks for pairs inside the left or right file by the
// rules and blocks of p, which must have been scanned.
func (p *Plan) Inside(right bool) Decoys {
	file := p.left
	if right {
		file = p.right
	}
	step := 1
	if file.Rows > wholeRows {
		step = max(2, (file.Rows+sampleRows-1)/sampleRows)
	}
	sample := take(file.Rows, step, 0, 1)
	inside := *p
	inside.fixed, inside.known = true, nil
	table := *p.table
	inside.table = &table
	table.Left = &Rows{Rows: file.Rows, codes: file.codes, width: file.width, sex: file.sex}
	table.Right = table.Left
	others, n := sample, float64(file.Rows)
	pairs := n * (n - 1) / 2
	if step > 1 {
		others = take(file.Rows, step, 1, decoyStrides)
		table.Left, table.Right = file.some(sample), file.some(others)
		pairs = float64(len(sample)) * float64(len(others))
	}
	inside.left, inside.right = table.Left, table.Right
	return Decoys{&inside, sample, others, pairs}
}

// some is those rows alone, what is known of them besides left out.
func (r *Rows) some(rows []int32) *Rows {
	out := &Rows{Rows: len(rows), width: r.width}
	for _, row := range rows {
		out.codes = append(out.codes, r.record(row)...)
		out.sex = append(out.sex, r.sex[row])
	}
	return out
}

// take is the rows whose number divided by step leaves from or up to count-1
// more.
func take(rows, step, from, count int) []int32 {
	var out []int32
	for row := range rows {
		if rest := row % step; rest >= from && rest < from+count {
			out = append(out, int32(row))
		}
	}
	return out
}

// Agreement is the keys of each field on which two rows agree, as bits. Only
// keys that some rule uses count.
func (p *Plan) Agreement(left, right int32, fields []uint64) {
	a, b := p.left.record(left), p.right.record(right)
	agreement := equal(a, b) & present(a)
	for list := range p.listed {
		if l := &p.listed[list]; l.agrees(a[l.at], b[l.at]) {
			agreement |= p.bit(list)
		}
	}
	agreement &= p.used()
	for i := range fields {
		fields[i] = agreement & p.owned[i]
	}
}

func (p *Plan) used() uint64 {
	var used uint64
	for _, mask := range p.all {
		used |= mask
	}
	return used
}

// Finders are the rules, as bits, that find a pair that agrees on those keys, large
// blocks aside.
func (p *Plan) Finders(agreement uint64) uint64 {
	var rules uint64
	for rule, mask := range p.all {
		if agreement&mask == mask {
			rules |= 1 << rule
		}
	}
	return rules
}

// Finds says that some rule finds a pair that agrees on those keys, large
// blocks aside.
func (p *Plan) Finds(agreement uint64) bool { return p.Finders(agreement) != 0 }

// Copies judges rows of one file with rows of the same file.
func (t *Table) Copies(right bool) *Judge {
	same := *t
	if right {
		same.Left = t.Right
	} else {
		same.Right = t.Left
	}
	return same.Judge()
}

// Has tells whether a row of the left file has a value in a comparison.
func (j *Judge) Has(left int32, comparison int) bool {
	return j.table.Left.record(left)[comparison] != 0
}
