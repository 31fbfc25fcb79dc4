"""Linking with and without what relatives say, on made countries.

Prints a Markdown table: precision, recall and F1 of the pairs of a register's and a
roster's record by role, of the links of the register's families with households, and of the
pairs of births of one mother, and of one mother and father (evaluate --role family,
sibling and full_sibling); of records for all, and for twins, people who have a namesake of their sex
in their village, and those with 1 January or no date of birth; the share of right links
among those said to be .90 to .95; and the CPU seconds of the whole run.
"""

import argparse
import json
import resource
import subprocess
import tempfile
from pathlib import Path

import duckdb

PRESETS = ["bangladesh", "india", "chile", "vietnam", "mixed"]
ROLES = ["mother", "father", "child", "deceased", "groom", "bride"]
FAMILIES = ["family", "sibling", "full_sibling"]
CASES = {
    "all": "true",
    "twins": "l IN (SELECT mention_id FROM twin)",
    "namesakes": "r IN (SELECT mention_id FROM namesake)",
    "1 January": "l IN (SELECT mention_id FROM vague) OR r IN (SELECT mention_id FROM vague)",
}


def run(rollcall, *arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([rollcall, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"rollcall {' '.join(map(str, arguments))}\n{done.stdout}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_families(rollcall, country):
    """(role, all) -> precision, recall, F1, true pairs."""
    figures = {}
    for role in FAMILIES:
        done = subprocess.run([rollcall, "evaluate", country / "out/latest", "--truth", country / "truth", "--role", role, "--format", "json"],
                              stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout)
        at = found["at_run"]
        figures[role, "all"] = (at["precision"], at["recall"], at["f1"], found["true_pairs"])
    return figures


def measure(country):
    """(role, case) -> precision, recall, F1, true pairs, and the calibration of .90 to .95."""
    folder = country / "out/latest"
    stage = {t: next(folder.glob(f"stages/*/{t}.parquet")) for t in ("mention", "cluster", "link")}
    c = duckdb.connect()
    c.execute(f"""
        CREATE TABLE m AS SELECT * FROM '{stage['mention']}';
        CREATE TABLE t AS SELECT mention_id, person_id FROM read_csv('{country}/truth/records.csv', all_varchar = true);
        CREATE TABLE person AS SELECT * FROM read_csv('{country}/truth/persons.csv', all_varchar = true);
        CREATE TABLE twin AS SELECT mention_id FROM t JOIN person p USING (person_id) WHERE EXISTS (
            SELECT 1 FROM person o WHERE o.mother_id = p.mother_id AND o.born_on = p.born_on AND o.person_id <> p.person_id);
        CREATE TABLE namesake AS SELECT mention_id FROM m WHERE side = 'sp' AND (area_code, sex, full_norm) IN (
            SELECT (area_code, sex, full_norm) FROM m JOIN t USING (mention_id) WHERE side = 'sp' GROUP BY area_code, sex, full_norm
            HAVING count(DISTINCT person_id) > 1);
        CREATE TABLE vague AS SELECT mention_id FROM m WHERE birth_earliest IS NULL OR strftime(birth_earliest, '%m%d') = '0101';
        CREATE TABLE pair AS
            SELECT l, r, max(p) AS p, bool_or(accepted) AS found, bool_or(real) AS real FROM (
                SELECT a.mention_id AS l, b.mention_id AS r, k.match_probability AS p, k.accepted, false AS real
                FROM '{stage['link']}' k JOIN '{stage['cluster']}' a ON a.person_id = k.left_id JOIN '{stage['cluster']}' b ON b.person_id = k.right_id
                WHERE k.kind = 'across'
                UNION ALL
                SELECT a.mention_id, b.mention_id, 0, false, true
                FROM m a JOIN t x USING (mention_id) JOIN t y USING (person_id) JOIN m b ON b.mention_id = y.mention_id
                WHERE a.side = 'crvs' AND b.side = 'sp') GROUP BY l, r;
    """)
    figures = {}
    for role in ROLES:
        for case, condition in CASES.items():
            figures[role, case] = c.execute(f"""
                SELECT sum((found AND real)::INT) / nullif(sum(found::INT), 0), sum((found AND real)::INT) / nullif(sum(real::INT), 0),
                    2 * sum((found AND real)::INT) / nullif(sum(found::INT) + sum(real::INT), 0), sum(real::INT)
                FROM pair WHERE l LIKE '%/{role}' AND ({condition})""").fetchone()
    figures["calibration"] = c.execute("SELECT avg(real::INT), count(*) FROM pair WHERE found AND p BETWEEN .9 AND .95").fetchone()
    return figures


def percent(x):
    return "" if x is None else f"{x:.4f}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("presets", nargs="*", default=PRESETS)
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--rollcall", default="bin/rollcall")
    options = parser.parse_args()
    print("| preset | role | case | true pairs | P alone | R alone | F1 alone | P | R | F1 | error, times |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for preset in options.presets:
        with tempfile.TemporaryDirectory() as folder:
            country = Path(folder) / preset
            run(options.rollcall, "synth", country, "--preset", preset, "--households", options.households, "--seed", options.seed)
            job = country / "job.yaml"
            text = job.read_text()
            result, seconds = {}, {}
            for families in ("true", "false"):
                job.write_text(text + f"\nlink: {{families: {families}}}\n")
                seconds[families] = run(options.rollcall, "run", job, "--as-of", "2026-08-31")
                result[families] = measure(country) | measure_families(options.rollcall, country)
            for key, alone in result["false"].items():
                with_ = result["true"][key]
                if key == "calibration":
                    continue
                role, case = key
                if not alone[3]:
                    continue
                times = (1 - with_[2]) / (1 - alone[2]) if alone[2] is not None and with_[2] is not None and alone[2] < 1 else float("nan")
                print(f"| {preset} | {role} | {case} | {int(alone[3])} | {' | '.join(map(percent, alone[:3] + with_[:3]))} | {times:.2f} |", flush=True)
            (right, links), (right_alone, links_alone) = result["true"]["calibration"], result["false"]["calibration"]
            print(f"\n{preset}: of links said to be .90 to .95 right: {right:.3f} of {links} (alone {right_alone:.3f} of {links_alone});"
                  f" CPU of the run {seconds['true']:.0f} s (alone {seconds['false']:.0f} s)\n", flush=True)


if __name__ == "__main__":
    main()
