package calendar

import "strings"

// starts are the first days of the months whose lengths a table has, from that of
// its first month to the one after its last.
func starts(first int, lengths string) []int {
	starts := []int{first}
	for _, year := range strings.Fields(lengths) {
		for _, last := range year {
			days := 30 + int(last-'0')
			if last >= '8' {
				days -= 10
			}
			first += days
			starts = append(starts, first)
		}
	}
	return starts
}
