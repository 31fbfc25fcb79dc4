"""A month's lists of many made countries against the truth.

Makes each country (preset and seed), runs its job for August 2026 with the program's links and
with the true ones, and counts. Prints the table of all countries in the results: false exits with
an upper bound that draws countries, not lines; what the tiers hold; duplicates; eligibility; by sex
and by how complete a sub-district's registers are, what the lists miss.
"""

import argparse
import json
import random
import re
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb

PRESETS = ["bangladesh", "india", "chile", "vietnam", "mixed"]
DAY = "2026-08-31"
HELD = 3  # the exit code of a run that the gate held

# Each statement makes one table; they stand on the tables of a run and on the truth.
TABLES = {
    "who": "SELECT mention_id, min(person_id) AS person_id FROM records GROUP BY mention_id",
    # The living of whom the register says that they are dead.
    "living": "SELECT DISTINCT person_id FROM deaths WHERE wrong = 'yes'",
    "beneficiary": """
        SELECT DISTINCT w.person_id, e.enrolment_id, e.mention_id
        FROM enrolment e JOIN who w USING (mention_id) WHERE e.status IN ('active', 'suspended')""",
    # One row a person enrolled and a death registered, right when it is his own.
    "exits": """
        SELECT p.tier, b.person_id, p.registration_number, b.person_id = d.person_id AS is_right,
            d.person_id IN (SELECT person_id FROM living) AS register_wrong,
            min(array_to_string(p.tier_reasons, ' ')) AS reasons, bool_or(p.tier_reasons IS NOT NULL) AS told, list(p.mention_id) AS mentions,
            min(p.other_mention_id) AS death_mention
        FROM proposal p JOIN who b ON b.mention_id = p.mention_id JOIN who d ON d.mention_id = p.other_mention_id
        WHERE p.kind = 'exit' GROUP BY ALL""",
    # The registered deaths of enrolled people who are dead, one row a roster record and
    # registration that has arrived and stands.
    "owed": f"""
        SELECT DISTINCT d.person_id, b.mention_id, m.mention_id AS death_mention,
            'default' IN (coalesce(r.birth_precision, ''), coalesce(m.birth_precision, '')) AS placeholder
        FROM deaths d
        JOIN event v ON v.registration_number = d.registration_no AND v.event_type = 'death' AND v.status <> 'revoked'
        JOIN mention m ON m.event_id = v.event_id AND m.role = 'deceased'
        JOIN beneficiary b ON b.person_id = d.person_id
        JOIN mention r ON r.mention_id = b.mention_id
        WHERE d.wrong <> 'yes' AND d.died_on <= '{DAY}'""",
    "exit_of": "SELECT person_id, min(tier) FILTER (WHERE tier <> 'X') AS tier, bool_or(tier = 'X') AS contradicted FROM exits WHERE is_right GROUP BY person_id",
    "owed_person": """
        SELECT o.person_id, x.tier, coalesce(x.contradicted AND x.tier IS NULL, false) AS contradicted,
            min(e.reasons) FILTER (WHERE e.tier = x.tier OR x.tier IS NULL) AS reasons
        FROM owed o LEFT JOIN exit_of x USING (person_id) LEFT JOIN exits e ON e.person_id = o.person_id AND e.is_right GROUP BY ALL""",
    "bearer": """
        SELECT i.value, count(DISTINCT w.person_id) AS persons
        FROM identifier i JOIN mention m ON m.mention_id = i.mention_id AND m.side = 'sp' JOIN who w ON w.mention_id = i.mention_id GROUP BY i.value""",
    # Of those deaths, the ones whose valid number stands on both records.
    "numbered": """
        SELECT o.person_id, bool_or(coalesce(a.verified, false)) AS verified, bool_and(o.placeholder) AS placeholder, bool_and(n.persons > 1) AS shared
        FROM owed o
        JOIN identifier a ON a.mention_id = o.mention_id AND a.well_formed
        JOIN identifier b ON b.mention_id = o.death_mention AND b.well_formed AND b.identifier_type = a.identifier_type AND b.value = a.value
        JOIN bearer n ON n.value = a.value GROUP BY o.person_id""",
    # What 2.2 of the domain's facts keeps out of the first tier by definition, in this order.
    "numbered_why": """
        SELECT n.*, o.tier, CASE WHEN o.tier = 'T1' THEN 'in T1' WHEN o.contradicted THEN 'contradicted' WHEN n.placeholder THEN 'placeholder birth'
            WHEN n.shared THEN 'number borne by others' WHEN o.tier IS NULL THEN 'on no list' ELSE o.reasons END AS why
        FROM numbered n JOIN owed_person o USING (person_id)""",
    # Roster records of the kinds that are planted to mislead.
    "hard": """
        WITH m AS (SELECT m.*, w.person_id, p.national_id, p.mother_id, p.born_on FROM mention m JOIN who w USING (mention_id) JOIN persons p USING (person_id) WHERE m.side = 'sp')
        SELECT mention_id, 'namesakes' AS kind FROM m WHERE (area_code, sex, full_norm) IN (
            SELECT (area_code, sex, full_norm) FROM m WHERE full_norm IS NOT NULL GROUP BY area_code, sex, full_norm HAVING count(DISTINCT person_id) > 1)
        UNION ALL SELECT mention_id, 'twins' FROM m WHERE EXISTS (
            FROM persons o WHERE o.mother_id = m.mother_id AND o.born_on = m.born_on AND o.person_id <> m.person_id)
        UNION ALL SELECT mention_id, '1 January birthdays' FROM m WHERE birth_precision = 'default'
        UNION ALL SELECT mention_id, 'shared telephones' FROM m WHERE phone_norm IN (
            SELECT phone_norm FROM m WHERE phone_norm IS NOT NULL GROUP BY phone_norm HAVING count(DISTINCT household_id) > 1)
        UNION ALL SELECT mention_id, 'numbers of another member' FROM m WHERE EXISTS (
            FROM identifier i WHERE i.mention_id = m.mention_id AND i.well_formed AND i.value <> m.national_id AND i.value IN (SELECT national_id FROM persons))""",
    "duplicate": """
        SELECT p.tier, p.tier_reasons, p.contradictions, coalesce(a.person_id = b.person_id, false) AS is_one,
            least(p.mention_id, p.other_mention_id) AS first_id, greatest(p.mention_id, p.other_mention_id) AS second_id
        FROM proposal p LEFT JOIN who a ON a.mention_id = p.mention_id LEFT JOIN who b ON b.mention_id = p.other_mention_id
        WHERE p.kind = 'duplicate' AND p.other_mention_id IS NOT NULL""",
    "twice": """
        SELECT t.mention_id, t.duplicate_of, min(l.tier) AS tier
        FROM duplicates t LEFT JOIN duplicate l ON l.first_id = least(t.mention_id, t.duplicate_of) AND l.second_id = greatest(t.mention_id, t.duplicate_of)
        WHERE t.kind = 'roster' AND EXISTS (FROM enrolment e WHERE e.mention_id = t.mention_id AND e.status = 'active')
            AND EXISTS (FROM enrolment e WHERE e.mention_id = t.duplicate_of AND e.status = 'active') GROUP BY ALL""",
    "judged": f"""
        SELECT e.subject_id, e.programme, e.outcome, coalesce(t.entitled, false) AS entitled,
            w.person_id IN (SELECT person_id FROM living) AS register_wrong, coalesce(p.died_on <= '{DAY}', false) AS dead
        FROM evaluation e
        LEFT JOIN (SELECT person_id, min(mention_id) AS mention_id FROM cluster GROUP BY person_id) c ON c.person_id = e.subject_id
        LEFT JOIN who w ON w.mention_id = c.mention_id
        LEFT JOIN persons p ON p.person_id = w.person_id
        LEFT JOIN (SELECT person_id, programme, bool_or(entitled = 'yes') AS entitled FROM entitlements WHERE month = '{DAY[:7]}' GROUP BY ALL) t
            ON t.person_id = w.person_id AND t.programme = e.programme""",
    "judged_person": """
        SELECT subject_id, bool_or(outcome = 'not_eligible' AND entitled AND NOT register_wrong) AS denied,
            bool_or(outcome = 'not_eligible' AND entitled AND register_wrong) AS denied_by_register,
            bool_or(outcome = 'eligible' AND NOT entitled AND NOT dead) AS granted, bool_or(outcome = 'eligible' AND NOT entitled AND dead) AS granted_dead
        FROM judged GROUP BY subject_id""",
    # Thirds of the sub-districts by how complete the register of births is there: the deaths that
    # the registers lack are looked at by it, and are too few to tell.
    "area": f"""
        SELECT area, ntile(3) OVER (ORDER BY share, area) AS third FROM (
            SELECT left(p.area_code, 8) AS area, avg((p.person_id IN (SELECT person_id FROM records WHERE mention_id LIKE 'births/%/child'))::INT) AS share
            FROM persons p WHERE p.area_code IS NOT NULL AND p.born_on BETWEEN '2018' AND '2026' GROUP BY ALL)""",
    # Enrolled people who are dead, registered or not.
    "dead": f"""
        SELECT p.person_id, p.sex, coalesce(a.third, 0) AS third, p.person_id IN (SELECT person_id FROM owed) AS registered, x.tier, x.contradicted
        FROM (SELECT DISTINCT person_id FROM beneficiary) b JOIN persons p USING (person_id)
        LEFT JOIN area a ON a.area = (SELECT min(left(m.area_code, 8)) FROM beneficiary y JOIN mention m USING (mention_id) WHERE y.person_id = p.person_id)
        LEFT JOIN exit_of x ON x.person_id = p.person_id
        WHERE p.died_on <= '{DAY}'""",
}

COUNTS = {
    "beneficiaries": "count(DISTINCT person_id) FROM beneficiary",
    **{f"{tier} right": f"count(*) FROM exits WHERE tier = '{tier}' AND is_right AND NOT register_wrong" for tier in ("T1", "T2", "T3", "X")},
    **{f"{tier} wrong": f"count(*) FROM exits WHERE tier = '{tier}' AND NOT is_right" for tier in ("T1", "T2", "T3", "X")},
    **{f"{tier} register wrong": f"count(*) FROM exits WHERE tier = '{tier}' AND is_right AND register_wrong" for tier in ("T1", "T2", "T3", "X")},
    "owed": "count(*) FROM owed_person",
    **{f"owed {tier}": f"count(*) FROM owed_person WHERE tier = '{tier}'" for tier in ("T1", "T2", "T3")},
    "owed contradicted": "count(*) FROM owed_person WHERE contradicted",
    "duplicate lines": "count(*) FROM duplicate WHERE tier IN ('T1', 'T2')",
    "duplicate lines right": "count(*) FROM duplicate WHERE tier IN ('T1', 'T2') AND is_one",
    "twice": "count(*) FROM twice",
    "twice found": "count(*) FROM twice WHERE tier IN ('T1', 'T2')",
    "twice found below": "count(*) FROM twice WHERE tier NOT IN ('T1', 'T2')",
}

JUDGED = {
    "judged": "count(*) FROM judged_person",
    **{name: f"count(*) FILTER ({name}) FROM judged_person" for name in ("denied", "denied_by_register", "granted", "granted_dead")},
    "unknown": "count(*) FROM judged WHERE outcome = 'unknown'",
}

# Counts by kind: a query of kind and number.
KINDS = {
    "numbered": "SELECT CASE WHEN verified THEN 'verified, ' ELSE '' END || why, count(*) FROM numbered_why GROUP BY ALL",
    "hard": "SELECT kind || CASE WHEN k.is_right THEN ', right' ELSE ', wrong' END, count(*) FROM exits k JOIN hard h ON list_contains(k.mentions, h.mention_id) WHERE k.tier = 'T1' GROUP BY ALL",
    "hard beneficiaries": "SELECT kind, count(DISTINCT b.person_id) FROM beneficiary b JOIN hard h USING (mention_id) GROUP BY ALL",
    "why": "SELECT tier || CASE WHEN is_right THEN ', right, ' ELSE ', wrong, ' END || coalesce(reasons, ''), count(*) FROM exits WHERE tier IN ('T2', 'T3') GROUP BY ALL",
    "duplicate why": "SELECT tier || CASE WHEN is_one THEN ', right, ' ELSE ', wrong, ' END || array_to_string(list_concat(contradictions, tier_reasons), ' '), count(*) FROM duplicate GROUP BY ALL",
    "dead": """SELECT sex || ', ' || third || ', ' || CASE WHEN NOT registered THEN 'not registered' WHEN tier IS NOT NULL THEN 'listed'
        WHEN contradicted THEN 'contradicted' ELSE 'on no list' END, count(*) FROM dead GROUP BY ALL""",
    "granted by programme": "SELECT programme, count(*) FROM judged WHERE outcome = 'eligible' AND NOT entitled AND NOT dead GROUP BY ALL",
}


def rollcall(binary, *arguments):
    done = subprocess.run([binary, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode not in (0, HELD):
        raise RuntimeError(f"rollcall {' '.join(map(str, arguments))}\n{done.stdout}")
    return done.stdout


def run(binary, country, *arguments):
    """The tables of one run and the truth, with TABLES made, and whether the gate held it: what
    would have stood on the lists counts all the same."""
    said = rollcall(binary, "run", country / "job.yaml", "--as-of", DAY, *arguments)
    found = re.search(r"(Open|No list was written;) (\S+)/reports/", said)
    return tables_of(country, Path(found[2])), found[1] != "Open"


def tables_of(country, folder):
    c = duckdb.connect()
    c.execute("SET threads = 2")
    for name in ("proposal", "mention", "identifier", "enrolment", "event", "evaluation", "cluster"):
        c.execute(f"CREATE VIEW {name} AS FROM '{next(folder.glob(f'stages/*/{name}.parquet'))}'")
    for name in ("records", "deaths", "duplicates", "entitlements", "persons"):
        c.execute(f"CREATE VIEW {name} AS FROM read_csv('{country}/truth/{name}.csv', header = true, all_varchar = true)")
    for name, query in TABLES.items():
        c.execute(f"CREATE TABLE {name} AS {query}")
    return c


def counted(c, counts):
    return {name: c.execute(f"SELECT {query}").fetchone()[0] for name, query in counts.items()}


def measure(binary, preset, seed, households, true_links):
    with tempfile.TemporaryDirectory() as folder:
        country = Path(folder) / "country"
        rollcall(binary, "synth", country, "--preset", preset, "--households", households, "--seed", seed, "--months", 1)
        c, held = run(binary, country)
        result = {"held": held, "preset": preset, "seed": seed, "households": households, "synth": json.loads((country / "synth.json").read_text())["version"]}
        result |= counted(c, COUNTS | JUDGED) | {name: dict(c.execute(query).fetchall()) for name, query in KINDS.items()}
        if true_links:
            result["true links"] = counted(run(binary, country, "--links", country / "truth/records.csv")[0], JUDGED)
        return result


def bound(countries, part, whole, draws=4000):
    """The share of parts in wholes, and its 95% upper bound: of countries drawn with replacement the
    95th percentile; where no country holds a part, 3 in all wholes (the rule of three)."""
    parts, wholes = [part(x) for x in countries], [whole(x) for x in countries]
    if not sum(wholes):
        return None, None
    if not sum(parts):
        return 0, 3 / sum(wholes)
    draw = random.Random(1)
    shares = []
    for _ in range(draws):
        drawn = draw.choices(range(len(countries)), k=len(countries))
        shares.append(sum(parts[i] for i in drawn) / sum(wholes[i] for i in drawn))
    return sum(parts) / sum(wholes), sorted(shares)[int(.95 * draws)]


def total(countries, *names):
    return sum(x[name] for x in countries for name in names)


def kinds(countries, name):
    """A count by kind over all countries."""
    return sum((Counter(x[name]) for x in countries), Counter())


def share(part, whole):
    return f"{part} of {whole}" + (f", {part / whole:.3f}" if whole else "")


def rows(countries):
    """(what, measured) of the table."""
    false, most = bound(countries, lambda x: x["T1 wrong"], lambda x: x["beneficiaries"])
    yield "beneficiaries in countries", f"{total(countries, 'beneficiaries'):,} in {len(countries)}"
    yield "of them held by the gate as the lists were too long", f"{sum(x.get('held', False) for x in countries)}"
    yield "false T1, person and registration; 95% at most, of 100,000 beneficiaries", f"{total(countries, 'T1 wrong')} of {total(countries, 'T1 wrong', 'T1 right', 'T1 register wrong')}; {1e5 * most:.2f}"
    why = kinds(countries, "numbered")
    for title, prefix in (("valid", ("",)), ("verified", ("verified, ",))):
        of = {k: n for k, n in why.items() if k.startswith(prefix)}
        found = sum(n for k, n in of.items() if k.endswith("in T1"))
        out = sum(n for k, n in of.items() if k.endswith(("placeholder birth", "contradicted", "number borne by others")))
        yield f"registered deaths with a {title} number on both records, in T1", share(found, sum(of.values()))
        yield f"of these ({title}) without placeholder birth, contradiction or shared number", share(found, sum(of.values()) - out)
    owed, contradicted = total(countries, "owed"), total(countries, "owed contradicted")
    for title, tiers in (("T1 or T2", ("owed T1", "owed T2")), ("T1, T2 or T3", ("owed T1", "owed T2", "owed T3"))):
        yield f"registered deaths of the enrolled in {title}", share(total(countries, *tiers), owed)
        yield f"of these in {title}, where nothing contradicts", share(total(countries, *tiers), owed - contradicted)
    for tier in ("T2", "T3"):
        right, wrong = total(countries, f"{tier} right", f"{tier} register wrong"), total(countries, f"{tier} wrong")
        yield f"{tier} about the right person", share(right, right + wrong)
    hard, bearers = kinds(countries, "hard"), kinds(countries, "hard beneficiaries")
    for kind, n in sorted(bearers.items()):
        yield f"{kind}, beneficiaries: in T1 wrong; right", f"{n:,}: {hard[kind + ', wrong']}; {hard[kind + ', right']}"
    yield "register wrong (says dead, person lives), in T1; T2; T3; X", "; ".join(str(total(countries, f"{t} register wrong")) for t in ("T1", "T2", "T3", "X"))
    yield "duplicates T1 and T2 that are one person", share(total(countries, "duplicate lines right"), total(countries, "duplicate lines"))
    yield "enrolled twice, in T1 or T2", share(total(countries, "twice found"), total(countries, "twice"))
    yield "and in any tier", share(total(countries, "twice found", "twice found below"), total(countries, "twice"))
    both = [x for x in countries if "true links" in x]
    true = [x["true links"] for x in both]
    yield "persons judged with our links and with the true ones", f"{total(both, 'judged'):,} in {len(both)}"
    for title, name in (("wrongly not eligible", "denied"), ("not eligible by a register that is wrong", "denied_by_register"),
                        ("wrongly eligible, and alive", "granted"), ("eligible, and dead of whom no solid record tells", "granted_dead")):
        yield f"{title}; with true links", f"{total(both, name)}; {total(true, name)}"
    yield "unknown, for each with true links", f"{total(both, 'unknown') / max(total(true, 'unknown'), 1):.3f}"
    yield "wrongly not eligible, of all persons judged", share(total(countries, "denied"), total(countries, "judged"))


def missed(countries):
    """What the lists miss: enrolled people who are dead, by sex and completeness of the sub-district."""
    dead = kinds(countries, "dead")
    states = ("not registered", "on no list", "contradicted", "listed")
    for title, keep in [(sex, lambda k, s=sex: k[0] == s) for sex in ("male", "female")] + \
            [(f"sub-districts, {name} third", lambda k, t=str(n): k[1] == t) for n, name in enumerate(("least complete", "middle", "most complete"), 1)] + \
            [("all", lambda k: True)]:
        n = Counter()
        for key, count in dead.items():
            key = key.split(", ")
            if keep(key):
                n[key[2]] += count
        yield title, [n[s] for s in states], sum(n.values())


def seeds(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def report(results):
    groups = {"all": results} | {p: of for p in PRESETS if (of := [x for x in results if x["preset"] == p])}
    table = [dict(rows(of)) for of in groups.values()]
    print(f"\n| | {' | '.join(groups)} |\n|---|{'---|' * len(groups)}")
    for what in table[0]:
        print(f"| {what} | {' | '.join(of.get(what, '') for of in table)} |")
    for preset, of in groups.items():
        print(f"\n{preset}: enrolled people who died | dead | not registered | on no list | contradicted | listed | listed, of all\n---|---|---|---|---|---|---")
        for title, numbers, all_ in missed(of):
            print(f"{title} | {all_} | {' | '.join(map(str, numbers))} | {numbers[3] / max(all_, 1):.3f}")
    for name in ("numbered", "why", "duplicate why", "granted by programme"):
        print(f"\n{name}")
        for kind, n in kinds(results, name).most_common(40):
            print(f"{n:6} {kind}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("presets", nargs="*", default=PRESETS)
    parser.add_argument("--results", type=Path, required=True)
    parser.add_argument("--seeds", type=seeds, default="1-20")
    parser.add_argument("--households", type=int, default=3000)
    parser.add_argument("--true-links", action="store_true", help="run each country once more, with the true links")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no country after so many seconds")
    parser.add_argument("--rollcall", default="bin/rollcall")
    options = parser.parse_args()
    results = [json.loads(line) for line in options.results.read_text().splitlines()] if options.results.exists() else []
    done = {(x["preset"], x["seed"], x["households"]) for x in results}
    end = time.monotonic() + options.seconds
    for seed in options.seeds:
        for preset in options.presets:
            if (preset, seed, options.households) in done or time.monotonic() > end:
                continue
            results.append(measure(options.rollcall, preset, seed, options.households, options.true_links))
            with options.results.open("a") as f:
                f.write(json.dumps(results[-1]) + "\n")
    report(results)


if __name__ == "__main__":
    main()
