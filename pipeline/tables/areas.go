package tables

import (
	"maps"
	"slices"
	"strings"

	"rollcall/matchers/locale"
)

// AreaUnits is the SQL that makes area_unit: for each code of the tree what it is
// compared as whichever vintage a record uses, the same where the area has no others
// in it, the area that holds such areas and lies in a district, and the district.
func AreaUnits(areas []locale.Area) string {
	units := locale.Units(areas)
	rows := []string{"(CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR))"}
	for _, code := range slices.Sorted(maps.Keys(units)) {
		row := []string{Literal(code), Literal(units[code].Code)}
		for _, in := range units[code].Nested() {
			row = append(row, "nullif("+Literal(in)+", '')")
		}
		rows = append(rows, "("+strings.Join(row, ", ")+")")
	}
	return "CREATE OR REPLACE TEMP TABLE area_unit AS SELECT * FROM (VALUES " + strings.Join(rows, ", ") +
		") AS t(area_code, unit, exact_unit, subdistrict, district) WHERE area_code IS NOT NULL"
}
