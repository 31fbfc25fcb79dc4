package standardise_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"rollcall/connectors/synth"
	"rollcall/jobs/config"
	"rollcall/pipeline/standardise"
	"rollcall/pipeline/store"
)

// BenchmarkPass is all that the stage makes of the members of a made roster, on all
// processors, without the tables: given, family and whole name, those of three
// relatives, birth, sex, address, telephone and identity number. The name in native
// script is read where there is no other, or, in the pass so named, instead of it.
// Nothing is remembered of an earlier pass.
func BenchmarkPass(b *testing.B) {
	for _, country := range []struct {
		name, preset, locale string
		native               bool
	}{{"BD", "bangladesh", "BD", false}, {"BD-native", "bangladesh", "BD", true}, {"IN", "india", "IN", false}, {"CL", "chile", "CL", false}} {
		b.Run(country.name, func(b *testing.B) {
			l, err := config.LoadLocale(country.locale)
			if err != nil {
				b.Fatal(err)
			}
			all := members(b, country.preset, country.native)
			b.ReportAllocs()
			before := cpu()
			for b.Loop() {
				forms := standardise.NewForms(l.Pack, nil, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
				pass(forms, all)
			}
			mentions := float64(b.N) * float64(len(all.full))
			b.ReportMetric(mentions/b.Elapsed().Seconds(), "mentions/s")
			b.ReportMetric(float64((cpu()-before).Nanoseconds())/mentions, "cpu-ns/mention")
		})
	}
}

// cpu is what the process has used so far of all processors, which others that run
// beside it change less than the time.
func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// roster is the members of a made country by column, "" for what is not known.
type roster struct {
	given, family, full, native, sex, birth, number, phone, mother, father, spouse, address []string

	births []string // the different ones, from which it is learnt how they are read
}

// members makes some 60,000 of them, with the address of their household.
func members(b *testing.B, preset string, native bool) *roster {
	b.Helper()
	dir := b.TempDir()
	_, err := synth.Generate(context.Background(), synth.Config{Dir: dir, Preset: preset, Households: 20_000, Seed: 1, Months: 1, Years: 1})
	if err != nil {
		b.Fatal(err)
	}
	addresses := map[string]string{}
	for _, h := range rows(b, dir, "households.csv") {
		addresses[h["household_id"]] = h["address"]
	}
	var r roster
	for _, m := range rows(b, dir, "members.csv") {
		if native && m["native_name"] != "" {
			m["given_name"], m["family_name"] = "", ""
		}
		r.given, r.family = append(r.given, m["given_name"]), append(r.family, m["family_name"])
		r.full = append(r.full, strings.TrimSpace(m["given_name"]+" "+m["family_name"]))
		if r.native = append(r.native, ""); r.full[len(r.full)-1] == "" {
			r.native[len(r.native)-1] = m["native_name"]
		}
		r.sex, r.birth = append(r.sex, m["sex"]), append(r.birth, m["date_of_birth"])
		r.number, r.phone = append(r.number, m["national_id"]), append(r.phone, m["phone"])
		r.mother, r.father = append(r.mother, m["mother_name"]), append(r.father, m["father_name"])
		r.spouse, r.address = append(r.spouse, m["spouse_name"]), append(r.address, addresses[m["household_id"]])
	}
	r.births = slices.Compact(slices.Sorted(slices.Values(r.birth)))
	return &r
}

// rows reads a file of the roster's only month.
func rows(b *testing.B, dir, file string) []map[string]string {
	b.Helper()
	f, err := os.Open(filepath.Join(dir, "sp", "2026-08", file))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	all := make([]map[string]string, len(lines)-1)
	for i, line := range lines[1:] {
		all[i] = map[string]string{}
		for c, name := range lines[0] {
			all[i][name] = line[c]
		}
	}
	return all
}

// pass calls the functions as the stage does: each over some thousand values of a
// column at a time.
func pass(forms *standardise.Forms, r *roster) {
	call := map[string]store.Function{}
	for _, f := range forms.Functions() {
		call[f.Name] = f
	}
	reading := forms.Reading(r.births)
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < len(r.full); from += chunk {
		to := min(from+chunk, len(r.full))
		work.Go(func() error {
			for _, f := range []struct {
				name   string
				before []string
				column []string
				after  []string
			}{
				{"normal_given", nil, r.given, nil},
				{"normal_family", nil, r.family, nil},
				{"whole_name", nil, r.full, nil},
				{"normal_name", nil, r.native, nil},
				{"normal_name", nil, r.mother, nil},
				{"normal_name", nil, r.father, nil},
				{"normal_name", nil, r.spouse, nil},
				{"birth_interval", nil, r.birth, []string{reading}},
				{"normal_sex", nil, r.sex, nil},
				{"normal_address", nil, r.address, nil},
				{"normal_phone", nil, r.phone, nil},
				{"normal_identifier", []string{"national_id"}, r.number, nil},
			} {
				call := call[f.name].Call
				var out []byte
				args := slices.Concat(f.before, []string{""}, f.after)
				for _, v := range f.column[from:to] {
					if v != "" {
						args[len(f.before)] = v
						out, _ = call(out[:0], args)
					}
				}
			}
			return nil
		})
	}
	_ = work.Wait()
}

// chunk is how many values DuckDB hands over at once.
const chunk = 2048
