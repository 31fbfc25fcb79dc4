package standardise_test

import (
	"fmt"
	"testing"
	"time"

	"rollcall/jobs/config"
	"rollcall/pipeline/standardise"
)

// BenchmarkMention is all that the stage makes of one mention of a register of
// Bangladesh with every column filled, on all processors: the whole name, its parts,
// three relatives, birth, sex, address, telephone and identity number, of which a
// hundredth is in Bengali.
func BenchmarkMention(b *testing.B) {
	l, err := config.LoadLocale("BD")
	if err != nil {
		b.Fatal(err)
	}
	forms := standardise.NewForms(l.Pack, nil, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
	call := map[string]func(...string) string{}
	for _, f := range forms.Functions() {
		call[f.Name] = func(a ...string) string { v, _ := f.Call(a); return v }
	}
	given := []string{"Md. Abdul", "Rahima", "Mst. Fatema", "Jamal", "AKM Nurul", "Shahida", "Karim", "Tania"}
	family := []string{"Karim", "Khatun", "Begum", "Uddin", "Islam", "Akter", "Hossain", "Chowdhury"}
	reading := forms.Reading([]string{"13/04/1984", "25/12/1990"})
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			g, f := given[i%8], family[(i/8)%8]
			if i%100 == 0 {
				g, f = "মোঃ রহিম", "উদ্দিন"
			}
			full := g + " " + f
			call["normal_given"](g)
			call["normal_family"](f)
			call["normal_name"](full)
			call["name_rules"](full)
			call["script_of"](full)
			call["normal_name"]("Mst. Salma Khatun")
			call["normal_name"]("Md. " + f)
			call["kin_name"]("husband", full)
			call["birth_interval"](fmt.Sprintf("%02d/%02d/%d", i%28+1, i%12+1, 1930+i%70), reading)
			call["normal_sex"]("F")
			call["normal_address"]("Vill: Rampur, P.O. Sadar")
			call["normal_phone"](fmt.Sprintf("01712-%06d", i%1000000))
			call["normal_identifier"]("national_id", fmt.Sprintf("%010d", 1000000007+i*7919%900000000))
		}
	})
}
