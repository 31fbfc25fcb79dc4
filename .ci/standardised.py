"""Linking with and without what a locale pack says, on made countries.

Prints a Markdown table: precision, recall and F1 of the pairs of a register's and a
roster's record, over all and by group of the roster's record.
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
            for key in on:
                f1 = lambda p, r: 2 * p * r / (p + r) if p and r else 0.0
                before, after = off.get(key, (0, 0, 0)), on[key]
                b, a = f1(*before[:2]), f1(*after[:2])
                print(f"| {preset} | {' '.join(dict.fromkeys(key))} | {after[2]} | {before[0]:.4f} | {before[1]:.4f} | {b:.4f} | {after[0]:.4f} | {after[1]:.4f} | {a:.4f} | {a - b:+.4f} |", flush=True)


if __name__ == "__main__":
    main()
