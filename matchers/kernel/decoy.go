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
	file, records := p.table.Left, p.left
	if right {
		file, records = p.table.Right, p.right
	}
	step := 1
	if file.Rows > wholeRows {
		step = max(2, (file.Rows+sampleRows-1)/sampleRows)
	}
	sample := take(file.Rows, step, 0, 1)
	left := &Rows{Rows: len(sample), sex: gatherRows(file.sex, 1, sample)}
	inside := *p
	inside.fixed, inside.known = true, nil
	table := *p.table
	table.Left, table.Right = left, left
	inside.table = &table
	if step == 1 {
		inside.left, inside.right = records, records
		n := float64(file.Rows)
		return Decoys{&inside, sample, sample, n * (n - 1) / 2}
	}
	others := take(file.Rows, step, 1, decoyStrides)
	inside.table.Right = &Rows{Rows: len(others), sex: gatherRows(file.sex, 1, others)}
	inside.left, inside.right = gatherRows(records, p.width, sample), gatherRows(records, p.width, others)
	return Decoys{&inside, sample, others, float64(len(sample)) * float64(len(others))}
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

func gatherRows[T uint8 | uint32](records []T, width int, rows []int32) []T {
	out := make([]T, 0, len(rows)*width)
	for _, row := range rows {
		out = append(out, records[int(row)*width:][:width]...)
	}
	return out
}

// Agreement is the keys of each field on which two rows agree, as bits. Only
// keys that some rule uses count.
func (p *Plan) Agreement(left, right int32, fields []uint64) {
	a, b := p.left[int(left)*p.width:][:p.width], p.right[int(right)*p.width:][:p.width]
	agreement := equal(a, b) & present(a)
	for list := range p.listed {
		if l := &p.listed[list]; l.agrees(a[l.field], b[l.field]) {
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

// Finds says that some rule finds a pair that agrees on those keys, large
// blocks aside.
func (p *Plan) Finds(agreement uint64) bool {
	for _, mask := range p.all {
		if agreement&mask == mask {
			return true
		}
	}
	return false
}

// Copies judges rows of one file with rows of the same file.
func (t *Table) Copies(right bool) *Judge {
	same := *t
	if right {
		same.Left = t.Right
	} else {
		same.Right = t.Left
	}
	return &Judge{table: &same}
}

// Has tells whether a row of the left file has a value in a comparison.
func (j *Judge) Has(left int32, comparison int) bool {
	return j.table.Left.codes[int(left)*j.table.width+comparison] != 0
}
