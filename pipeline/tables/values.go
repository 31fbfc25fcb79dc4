package tables

// WrittenNumbers is SQL for the identity numbers of a mention as written, over the
// grouped rows of identifier.
const WrittenNumbers = `array_to_string(list(identifier_type || '=' || coalesce(written, '') ORDER BY identifier_type), ';')`

// MentionValues is SQL for the hash of the values of a mention m as mapped, before
// standardising, with its WrittenNumbers n.numbers: what a person's verdict on the
// record holds for.
const MentionValues = `sha256(CAST(row(m.given_name, m.family_name, m.full_name, m.native_name, m.sex, m.birth_written,
    m.area_written, m.address, m.phone, m.mother_name, m.father_name, m.spouse_name, n.numbers) AS VARCHAR))`
