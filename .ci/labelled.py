"""Accuracy on labelled data through the command line, with no setting at all.

For each set: drop the columns that give the truth away, replace the ids by
meaningless ones, shuffle the rows, run rollcall link or dedupe, and compare what
it accepts (links of two files, pairs inside clusters of one) with the truth.
Prints a table in Markdown.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

GIVEAWAYS = {"cluster", "blocking_number", "simulant_id", "mother_simulant_id", "father_simulant_id"}
IDENTIFYING = ["soc_sec_id", "phone_number", "uganda_nin", "art_number"]


@dataclass
class Set:
    name: str
    target: float
    folder: str = ""  # of the data sets; the name where it is empty
    files: tuple = ("records.csv",)
    ids: tuple = ("rec_id",)
    truth: str = "truth.csv"
    drop: tuple = ()
    keep: str = "index >= 0"  # rows


TWO = dict(files=("a.csv", "b.csv"), ids=("rec_id", "rec_id"))
ROSTER = dict(folder="births_deaths_roster")
SETS = [
    Set("febrl1", 0.9995),
    Set("febrl2", 0.9995),
    Set("febrl2 -ids", 0.999),
    Set("febrl4", 0.9998, **TWO),
    Set("febrl4 -ids", 0.9995, **TWO),
    Set("febrl_dsgen_A_10000", 0.9998),
    Set("febrl_dsgen_D_10000", 0.9998, **TWO),
    Set("febrl_dsgen_C_10000", 0.9995),
    Set("febrl_dsgen_C_10000 -ids", 0.997),
    Set("clkhash_dirty_1000", 0.999, files=("a.csv", "b.csv"), ids=("uid", "uid"), drop=("rec_id",)),
    Set("historical_50k", 0.945, ids=("unique_id",)),
    Set("splink_fake_1000", 0.965, ids=("unique_id",)),
    Set("opencr_uganda", 0.9995),
    Set("opencr_uganda -ids", 0.993),
    Set("deaths to roster", 0.996, files=("deaths.csv", "sp_roster_2020.csv"), ids=("death_id", "sp_id"),
        truth="truth_death_roster_2020.csv", **ROSTER),
    Set("births to roster", 0.9985, files=("births.csv", "sp_roster_2020.csv"), ids=("birth_id", "sp_id"),
        truth="truth_birth_roster_2020.csv", **ROSTER),
    # The names of its records and what points from one to another say who belongs together.
    Set("senzing_truthset", 0.95, ids=("uid",), keep="RECORD_TYPE == 'PERSON'",
        drop=("RECORD_ID", "REL_ANCHOR_KEY", "REL_POINTER_KEY", "REL_POINTER_ROLE")),
]
SCALE = dict(files=("a.parquet", "b.parquet"), ids=("id", "id"), truth="truth.parquet")


def read(path):
    if path.suffix == ".parquet":
        return pd.read_parquet(path).astype(str).replace({"None": "", "nan": "", "NaT": "", "<NA>": ""})
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def new_ids(old, rng):
    """Gives every id a number that says nothing."""
    numbers = rng.sample(range(10 ** 8, 10 ** 9), len(old))
    return dict(zip(old, (f"K{n}" for n in numbers)))


def prepare(s, folder, out, seed, headers):
    """Writes the files of a set and returns their paths, id columns and the true pairs."""
    paths, renamed, ids = [], [], []
    for side, (file, key) in enumerate(zip(s.files, s.ids)):
        rng = random.Random(f"{seed} {side}")
        rows = read(folder / file).query(s.keep)
        drop = GIVEAWAYS | set(s.drop) | {c for c in rows.columns if c.endswith("_truth")}
        if s.name.endswith(" -ids"):
            drop |= set(IDENTIFYING)
        rows = rows.drop(columns=[c for c in rows.columns if c in drop])
        new = new_ids(rows[key], rng)
        rows[key] = rows[key].map(new)
        rows = rows.sample(frac=1, random_state=seed + side)
        if headers == "none":  # columns called c1, c2 …, in another order in the second file
            columns = list(rows.columns)
            if side:
                rng.shuffle(columns)
            rows = rows[columns]
            names = {c: f"{'cd'[side]}{i + 1}" for i, c in enumerate(columns)}
            print("  ", s.name, " ".join(f"{n}={c}" for c, n in names.items()), file=sys.stderr)
            rows, key = rows.rename(columns=names), names[key]
        path = out / f"{'ab'[side]}.csv"
        rows.to_csv(path, index=False)
        paths.append(path), renamed.append(new), ids.append(key)
    truth = read(folder / s.truth).iloc[:, :2]
    known = truth.iloc[:, 0].isin(renamed[0]) & truth.iloc[:, 1].isin(renamed[-1])
    truth = truth[known]
    pairs = set(zip(truth.iloc[:, 0].map(renamed[0]), truth.iloc[:, 1].map(renamed[-1])))
    if len(s.files) == 1:
        pairs = {tuple(sorted(p)) for p in pairs}
    return paths, ids, pairs


# The peak memory of a child counts that of its parent before it began, so that
# the parent is a small one.
USED = """
import os, subprocess, sys, time
began = time.monotonic()
child = subprocess.Popen(sys.argv[1:])
_, status, used = os.wait4(child.pid, 0)
print(os.waitstatus_to_exitcode(status), time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def run(command):
    """Runs a command; its output, and its seconds of wall and CPU time and peak MiB."""
    command = [str(c) for c in command]
    done = subprocess.run([sys.executable, "-ISc", USED, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    text, _, last = done.stdout.rstrip().rpartition("\n")
    code, wall, cpu, mib = last.split()
    if code != "0":
        raise RuntimeError(f"{' '.join(command)}\n{text}")
    return text, dict(wall=float(wall), cpu=float(cpu), mib=float(mib))


def found(folder, one_file):
    """The accepted pairs: links, or all pairs inside clusters."""
    if not one_file:
        links = pd.read_csv(folder / "links.csv", dtype=str, usecols=["left_id", "right_id"])
        return set(zip(links.left_id, links.right_id))
    pairs = set()
    for _, ids in pd.read_csv(folder / "clusters.csv", dtype=str).groupby("entity_id").record_id:
        ids = sorted(ids)
        pairs.update((a, b) for i, a in enumerate(ids) for b in ids[i + 1:])
    return pairs


def measure(s, folder, seed, options):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(options.keep or scratch) / s.name.replace(" ", "_")
        scratch.mkdir(parents=True, exist_ok=True)
        paths, ids, truth = prepare(s, folder, scratch, seed, options.headers)
        verb = "link" if len(paths) == 2 else "dedupe"
        named = [] if options.headers == "given" else ["--left-id", ids[0], "--right-id", ids[1]] if len(ids) == 2 else ["--id", ids[0]]
        text, used = run([options.rollcall, verb, *paths, "--out", scratch / "out", *named])
        summary = json.loads((scratch / "out" / "summary.json").read_text())
        for path, side, key in zip(paths, ("left", "right"), ids):
            if summary[side]["id_column"] != key:
                raise RuntimeError(f"took {summary[side]['id_column']!r} of {path.name} for the ids, not {key!r}")
        if options.verbose:
            print(f"   {s.name}\n{text}", file=sys.stderr)
        got = found(scratch / "out", verb == "dedupe")
        if options.keep:
            pd.DataFrame(sorted(truth), columns=["a", "b"]).to_csv(scratch / "truth.csv", index=False)
    right = len(got & truth)
    precision, recall = right / max(len(got), 1), right / len(truth)
    return dict(p=precision, r=recall, f=2 * right / (len(got) + len(truth)), **used,
                ep=summary["expected_precision"], er=summary["expected_recall"])


ROUNDED = 5e-4  # figures of three decimals


def interval(true, expected):
    low, _, high = expected
    inside = low - ROUNDED <= true <= high + ROUNDED
    return f"{low:.3f} to {high:.3f}{'' if inside else ' (missed)'}"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--datasets", type=Path, required=True)
    ap.add_argument("--scale", type=Path, action="append", default=[], help="folder with a.parquet, b.parquet, truth.parquet of make_scale.py, named for its rows")
    ap.add_argument("--only", help="sets whose name has this in it")
    ap.add_argument("--seeds", default="1", help="shuffles, with commas between")
    ap.add_argument("--headers", choices=["given", "none"], default="given", help="none: columns are called c1, c2, …")
    ap.add_argument("--rollcall", default="bin/rollcall")
    ap.add_argument("--keep", help="folder to leave the files and results in")
    ap.add_argument("--verbose", action="store_true")
    options = ap.parse_args()
    sets = SETS + [Set(f"make_scale {d.name}", 0.998 if int(d.name) < 10 ** 6 else 0.997, folder=str(d.resolve()), **SCALE) for d in options.scale]
    print("| set | seed | P | R | F1 | target | | expected P | expected R | CPU s | MiB |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for s in sets:
        if options.only and options.only not in s.name:
            continue
        folder = options.datasets / (s.folder or s.name.removesuffix(" -ids"))
        for seed in map(int, options.seeds.split(",")):
            try:
                m = measure(s, folder, seed, options)
            except RuntimeError as e:
                print(f"| {s.name} | {seed} | failed: {' '.join(str(e).split())} |", flush=True)
                continue
            print(f"| {s.name} | {seed} | {m['p']:.4f} | {m['r']:.4f} | {m['f']:.4f} | {s.target} | {'reached' if m['f'] >= s.target else 'missed'} "
                  f"| {interval(m['p'], m['ep'])} | {interval(m['r'], m['er'])} | {m['cpu']:.1f} | {m['mib']:.0f} |", flush=True)


if __name__ == "__main__":
    main()
