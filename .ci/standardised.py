"""Linking with and without what a locale pack says, on made countries.

Prints a Markdown table: precision, recall and F1 of the pairs of a register's and a
roster's record, over all and by group of the roster's record; and of a register that
has names in their own script alone with a roster in Latin letters, by rollcall link.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

import duckdb

COUNTRIES = {"bangladesh": "BD", "india": "IN", "chile": "CL", "vietnam": "VN"}
NOTHING = """# Holds nothing: names stay as they are written but for case, signs and spaces.
rollcall_locale: 1
country: ZZ
title: nothing
"""
GROUPS = {
    "all": "'all'",
    "sex": "coalesce(m.sex, 'not known')",
    "age": "CASE WHEN m.birth_earliest IS NULL THEN 'not known' WHEN date_diff('year', m.birth_earliest, as_of) < 18 THEN '0-17'"
           " WHEN date_diff('year', m.birth_earliest, as_of) < 60 THEN '18-59' ELSE '60 and more' END",
    "script": "coalesce(m.written_script, 'none')",
}


def rollcall(options, *arguments):
    done = subprocess.run([options.rollcall, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"rollcall {' '.join(map(str, arguments))}\n{done.stdout}")


def measure(country, run, as_of):
    """Rows of group, value, precision, recall, F1 and true pairs."""
    c = duckdb.connect()
    stage = {t: next(run.glob(f"stages/*/{t}.parquet")) for t in ("mention", "cluster", "link")}
    c.execute("CREATE MACRO script_of(s) AS CASE WHEN s IS NULL THEN NULL WHEN regexp_matches(s, '[^\\x00-\\x{24F}\\x{1E00}-\\x{1EFF}]') THEN 'native' ELSE 'Latin' END")
    c.execute(f"""
        CREATE TABLE m AS SELECT *, script_of(coalesce(full_name, native_name)) AS written_script, DATE '{as_of}' AS as_of FROM '{stage['mention']}';
        CREATE TABLE t AS SELECT mention_id, person_id FROM read_csv('{country}/truth/records.csv', all_varchar = true);
        CREATE TABLE found AS
            SELECT a.mention_id AS l, b.mention_id AS r
            FROM '{stage['link']}' k
            JOIN '{stage['cluster']}' a ON a.person_id = k.left_id
            JOIN '{stage['cluster']}' b ON b.person_id = k.right_id
            WHERE k.kind = 'across' AND k.accepted;
        CREATE TABLE true_pair AS
            SELECT a.mention_id AS l, b.mention_id AS r
            FROM m a JOIN t x USING (mention_id) JOIN t y USING (person_id) JOIN m b ON b.mention_id = y.mention_id
            WHERE a.side = 'crvs' AND b.side = 'sp';
    """)
    rows = []
    for group, sql in GROUPS.items():
        rows += [(group, *r) for r in c.execute(f"""
            WITH pair AS (SELECT l, r, true AS found, false AS real FROM found UNION ALL SELECT l, r, false, true FROM true_pair),
            one AS (SELECT l, r, bool_or(found) AS found, bool_or(real) AS real FROM pair GROUP BY l, r)
            SELECT {sql} AS value, sum((found AND real)::INT) / nullif(sum(found::INT), 0) AS p, sum((found AND real)::INT) / nullif(sum(real::INT), 0) AS r,
                sum(real::INT) AS n
            FROM one JOIN m ON m.mention_id = one.r GROUP BY value HAVING sum(real::INT) >= 100 ORDER BY value""").fetchall()]
    return rows


# Records of the register with a name in its own script, and the roster; the truth has
# the id of a record after its source and before its role.
NATIVE = """
    CREATE TABLE truth AS SELECT mention_id, person_id FROM read_csv('{c}/truth/records.csv', all_varchar = true);
    CREATE TABLE a AS
        SELECT 'births/' || registration_no || '/child' AS id, child_native_name AS name, sex, date_of_birth
        FROM read_csv('{c}/crvs/births-*.csv', all_varchar = true) WHERE child_native_name IS NOT NULL AND version = '1'
        UNION ALL SELECT 'deaths/' || registration_no || '/deceased', deceased_native_name, sex, date_of_birth
        FROM read_csv('{c}/crvs/deaths-*.csv', all_varchar = true) WHERE deceased_native_name IS NOT NULL AND version = '1';
    CREATE TABLE b AS
        SELECT 'members/' || member_id || '/member' AS id, concat_ws(' ', given_name, family_name) AS name, sex, date_of_birth
        FROM read_csv('{c}/sp/20*/members.csv', all_varchar = true);
    COPY (FROM a ORDER BY id) TO '{c}/native_a.csv';
    COPY (FROM b ORDER BY id) TO '{c}/native_b.csv';
"""


def native(options, country, locale):
    """Precision, recall and true pairs of native names with Latin ones; None where there are none."""
    c = duckdb.connect()
    c.execute(NATIVE.format(c=country))
    if c.execute("SELECT count(*) FROM a").fetchall()[0][0] == 0:
        return None
    rollcall(options, "link", country / "native_a.csv", country / "native_b.csv", "--locale", locale, "--out", country / "native")
    return c.execute(f"""
        WITH found AS (SELECT left_id AS l, right_id AS r FROM read_csv('{country}/native/links.csv', all_varchar = true)),
        true_pair AS (SELECT a.id AS l, b.id AS r FROM a JOIN truth x ON x.mention_id = a.id JOIN truth y USING (person_id) JOIN b ON b.id = y.mention_id)
        SELECT (SELECT count(*) FROM found JOIN true_pair USING (l, r)) / nullif((SELECT count(*) FROM found), 0),
            (SELECT count(*) FROM found JOIN true_pair USING (l, r)) / (SELECT count(*) FROM true_pair), (SELECT count(*) FROM true_pair)""").fetchall()[0]


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("presets", nargs="*", default=list(COUNTRIES))
    ap.add_argument("--households", type=int, default=15000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--rollcall", default="bin/rollcall")
    options = ap.parse_args()
    print("| preset | records | true pairs | P off | R off | F1 off | P on | R on | F1 on | F1 gained |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for preset in options.presets:
        with tempfile.TemporaryDirectory() as scratch:
            country = Path(scratch) / "country"
            rollcall(options, "synth", country, "--preset", preset, "--households", options.households, "--months", 1, "--seed", options.seed)
            as_of = str(duckdb.sql(f"SELECT last_day(DATE '{next((country / 'sp').glob('20*')).name}-01')").fetchall()[0][0])
            job = (country / "job.yaml").read_text()
            (country / "nothing.yaml").write_text(NOTHING)
            measured = []
            for name, locale in (("off", "nothing.yaml"), ("on", COUNTRIES[preset])):
                text = "\n".join(line for line in job.splitlines() if not line.startswith("locale:"))
                (country / f"{name}.yaml").write_text(text.replace("\nsources:", f"\nlocale: {locale}\nsources:", 1).replace("output: out", f"output: {name}"))
                rollcall(options, "run", country / f"{name}.yaml", "--as-of", as_of)
                run = next((country / name / "runs").iterdir())
                measured.append({r[:2]: r[2:] for r in measure(country, run, as_of)})
            off, on = measured
            before, after = (native(options, country, locale) for locale in (country / "nothing.yaml", COUNTRIES[preset]))
            if after:
                off["native script to Latin",], on["native script to Latin",] = before, after
            for key in on:
                tell(preset, dict.fromkeys(key), off.get(key, (0, 0, 0)), on[key])


def tell(preset, group, off, on):
    f1 = [2 * p * r / (p + r) if p and r else 0.0 for p, r, _ in (off, on)]
    print(f"| {preset} | {' '.join(group)} | {on[2]} | {off[0] or 0:.4f} | {off[1]:.4f} | {f1[0]:.4f} | {on[0] or 0:.4f} | {on[1]:.4f} | {f1[1]:.4f} | {f1[1] - f1[0]:+.4f} |", flush=True)


if __name__ == "__main__":
    main()
