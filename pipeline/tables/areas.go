package tables

import (
	"fmt"
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
		u, exact := units[code], units[code].Code
		if u.Whole {
			exact = ""
		}
		rows = append(rows, fmt.Sprintf("(%s, %s, nullif(%s, ''), nullif(%s, ''), nullif(%s, ''))", Literal(code), Literal(u.Code), Literal(exact), Literal(u.Subdistrict), Literal(u.District.Code)))
	}
	return "CREATE OR REPLACE TEMP TABLE area_unit AS SELECT * FROM (VALUES " + strings.Join(rows, ", ") +
		") AS t(area_code, unit, exact_unit, subdistrict, district) WHERE area_code IS NOT NULL"
}
