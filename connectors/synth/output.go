package synth

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
)

// sheet is one kind of file.
type sheet int

const (
	birthsSheet sheet = iota
	deathsSheet
	marriagesSheet
	householdsSheet
	membersSheet
	enrolmentsSheet
	attributesSheet
	paymentsSheet
	truthRecords
	truthInformants
	truthPersons
	truthUnions
	truthDeaths
	truthDuplicates
	truthEnrolments
	truthEntitlements
	sheets
)

// layout of a sheet: its path, in which MONTH stands for the month where there
// is one file a month, and its header.
type layout struct{ path, header string }

func layouts() [sheets]layout {
	return [sheets]layout{
		birthsSheet: {"crvs/births-MONTH.csv", "registration_no,version,status,registered_on,received_on,office,area_code," +
			"child_given_name,child_family_name,child_native_name,sex,date_of_birth,plural_birth,child_national_id," +
			"mother_given_name,mother_family_name,mother_native_name,mother_date_of_birth,mother_national_id," +
			"father_given_name,father_family_name,father_native_name,father_date_of_birth,father_national_id,address"},
		deathsSheet: {"crvs/deaths-MONTH.csv", "registration_no,version,status,registered_on,received_on,office,area_code," +
			"deceased_given_name,deceased_family_name,deceased_native_name,sex,date_of_birth,age_at_death,date_of_death,deceased_national_id," +
			"mother_name,father_name,spouse_name,spouse_national_id,informant_name,informant_relationship,address"},
		marriagesSheet: {"crvs/marriages-MONTH.csv", "registration_no,version,status,registered_on,received_on,office,area_code,kind,date_of_event," +
			"groom_given_name,groom_family_name,groom_native_name,groom_date_of_birth,groom_national_id,groom_father_name," +
			"bride_given_name,bride_family_name,bride_native_name,bride_date_of_birth,bride_national_id,bride_father_name"},
		householdsSheet: {"sp/MONTH/households.csv", "household_id,area_code,address,phone,head_member_id,enumerated_on"},
		membersSheet: {"sp/MONTH/members.csv", "member_id,household_id,given_name,family_name,native_name,sex,date_of_birth,relationship," +
			"national_id,id_verified,phone,mother_name,father_name,spouse_name,area_code,registered_on,status"},
		enrolmentsSheet:   {"sp/MONTH/enrolments.csv", "enrolment_id,programme,member_id,household_id,caregiver_member_id,status,start_date,end_date"},
		attributesSheet:   {"sp/MONTH/attributes.csv", "subject_type,subject_id,name,value,as_of"},
		paymentsSheet:     {"sp/payments/payments-MONTH.csv", "payment_id,enrolment_id,cycle,amount,currency,channel,paid_on"},
		truthRecords:      {"truth/records.csv", "mention_id,person_id"},
		truthInformants:   {"truth/informants.csv", "mention_id,person_id"},
		truthPersons:      {"truth/persons.csv", "person_id,sex,born_on,died_on,mother_id,father_id,area_code,national_id,given_name,family_name"},
		truthUnions:       {"truth/unions.csv", "husband_id,wife_id,from_on,to_on,end"},
		truthDeaths:       {"truth/deaths.csv", "person_id,died_on,registration_no,registered_on,received_on,wrong,revoked_received_on"},
		truthDuplicates:   {"truth/duplicates.csv", "kind,mention_id,duplicate_of"},
		truthEnrolments:   {"truth/enrolments.csv", "enrolment_id,person_id,programme,duplicate_of,genuine"},
		truthEntitlements: {"truth/entitlements.csv", "month,person_id,programme,entitled,why,since"},
	}
}

// buffers hold what a shard writes: one for each sheet and month.
type buffers struct {
	months int
	bytes  [][]byte
}

func newBuffers(months int) *buffers {
	return &buffers{months: months, bytes: make([][]byte, int(sheets)*months)}
}

// at is the buffer of a sheet in a month; sheets without months use month 0.
func (b *buffers) at(s sheet, month int) *[]byte { return &b.bytes[int(s)*b.months+month] }

func (b *buffers) reset() {
	for i := range b.bytes {
		b.bytes[i] = b.bytes[i][:0]
	}
}

// files are the open files of a country, in the order of the buffers.
type files struct {
	writers []*bufio.Writer
	closers []*os.File
}

// create opens every file and writes its header.
func (c *country) create(dir string) (*files, error) {
	f := &files{writers: make([]*bufio.Writer, int(sheets)*c.months)}
	for s, l := range layouts() {
		for month := range c.months {
			path := l.path
			if strings.Contains(path, "MONTH") {
				path = strings.Replace(path, "MONTH", c.monthName(month), 1)
			} else if month > 0 {
				continue
			}
			path = filepath.Join(dir, filepath.FromSlash(path))
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				return f, fmt.Errorf("make a folder of the country: %w", err)
			}
			file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
			if err != nil {
				return f, fmt.Errorf("create a file of the country: %w", err)
			}
			f.closers = append(f.closers, file)
			w := bufio.NewWriterSize(file, 64<<10)
			f.writers[s*c.months+month] = w
			if _, err := w.WriteString(l.header + "\n"); err != nil {
				return f, fmt.Errorf("write a header: %w", err)
			}
		}
	}
	return f, nil
}

func (f *files) write(b *buffers) error {
	for i, w := range f.writers {
		if w == nil || len(b.bytes[i]) == 0 {
			continue
		}
		if _, err := w.Write(b.bytes[i]); err != nil {
			return fmt.Errorf("write the country: %w", err)
		}
	}
	return nil
}

func (f *files) close() error {
	var first error
	for _, w := range f.writers {
		if w != nil {
			if err := w.Flush(); err != nil && first == nil {
				first = err
			}
		}
	}
	for _, file := range f.closers {
		if err := file.Close(); err != nil && first == nil {
			first = err
		}
	}
	if first != nil {
		return fmt.Errorf("close the country's files: %w", first)
	}
	return nil
}

// populate lives the shards on threads workers and writes them in order. At most
// twice as many shards as threads are in memory.
func (c *country) populate(ctx context.Context, f *files, threads int, progress func(done, total int64)) (Counts, error) {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	type task struct {
		index int
		done  chan *buffers
	}
	tasks, ordered := make(chan task), make(chan task, 2*threads)
	free := make(chan *buffers, 2*threads+1)
	for range cap(free) {
		free <- newBuffers(c.months)
	}
	counts := make([]Counts, threads)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(tasks)
		defer close(ordered)
		for i := range c.shards {
			t := task{i, make(chan *buffers, 1)}
			select {
			case ordered <- t:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case tasks <- t:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for worker := range threads {
		group.Go(func() error {
			s := &shard{country: c}
			for t := range tasks {
				var out *buffers
				select {
				case out = <-free:
				case <-ctx.Done():
					return ctx.Err()
				}
				out.reset()
				if err := s.run(t.index, out); err != nil {
					return err
				}
				counts[worker].add(s.counts)
				t.done <- out
			}
			return nil
		})
	}
	group.Go(func() error {
		done := int64(0)
		for t := range ordered {
			select {
			case out := <-t.done:
				if err := f.write(out); err != nil {
					return err
				}
				free <- out
			case <-ctx.Done():
				return ctx.Err()
			}
			done++
			if progress != nil {
				progress(done, int64(c.shards))
			}
		}
		return nil
	})
	err := group.Wait()
	var total Counts
	for _, n := range counts {
		total.add(n)
	}
	return total, err
}
