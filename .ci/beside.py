"""Speed and memory side by side with Splink, in one run.

For each size: make two files of so many records (or take them from --scale), link
them with Splink by its published settings, then with rollcall by the same blocking
rules (beside.yaml), one after the other; then say how both grow. At last two sets
of labelled files that rollcall is told nothing about, against Splink with settings
written by hand. Prints tables in Markdown.

Wall and CPU seconds (user and system) and peak memory are those of the whole
process. A ratio is Splink's figure by rollcall's.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

import labelled

SPEC = Path(__file__).with_suffix(".yaml")
UNKNOWN = ["febrl4", "historical_50k"]
MEASURES = [  # name, key, format
    ("candidate pairs", "pairs", "{:,.0f}"),
    ("wall, s", "wall", "{:.1f}"),
    ("CPU, s", "cpu", "{:.1f}"),
    ("peak memory, MiB", "mib", "{:,.0f}"),
    ("pairs a second of CPU, reading to writing", "rate", "{:,.0f}"),
    ("F1 at p >= 0.5", "f1_50", "{:.4f}"),
    ("F1 at p >= 0.95", "f1_95", "{:.4f}"),
    ("F1 at its own threshold", "f1_own", "{:.4f}"),
    ("load average before", "load", "{:.1f}"),
]
RATIOS = {"pairs", "wall", "cpu", "mib"}


def f1(pairs, truth, where):
    """F1 of the pairs for which a condition holds, over all true pairs."""
    found, right, true = duckdb.execute(f"""
        with t as (select distinct #1 as l, #2 as r from read_parquet('{truth}')),
        p as (select distinct #1 as l, #2 as r from read_parquet('{pairs}') where {where})
        select (select count(*) from p), (select count(*) from p join t using (l, r)), (select count(*) from t)""").fetchone()
    return 2 * right / (found + true)


def splink(name, shared, out, options, *more):
    """Runs the peer's benchmark; its line of results."""
    text = subprocess.run([sys.executable, shared / "peers" / "splink_bench.py", name, "--threads", str(options.threads),
                           "--repeat", str(options.repeat), "--out", out, *map(str, more)],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    line = json.loads(text.splitlines()[-1])
    if "failed" in line:
        raise RuntimeError(f"Splink on {name}: {line['failed']}\n{line['stderr']}")
    return dict(line, wall=line["process_seconds"], cpu=line["cpu_seconds"], mib=line["peak_rss_mib"],
                load=line["load_average_before"])


def splink_scale(n, files, out, options):
    line = splink("scale", options.shared, out, options, "--n", n, "--scale-dir", files)
    at = {k: v["f1"] for k, v in line["accuracy"]["at"].items()}
    return dict(line, pairs=line["candidate_pairs"], f1_50=at["0.5"], f1_95=at["0.95"])


def fastest(options, measure):
    """The run of least wall time, with the load before it."""
    runs = [dict(load=os.getloadavg()[0], **measure()) for _ in range(options.repeat)]
    return min(runs, key=lambda r: r["wall"])


def rollcall_scale(files, out, options):
    used = fastest(options, lambda: labelled.run([
        options.rollcall, "link", files / "a.parquet", files / "b.parquet", "--left-id", "id", "--right-id", "id",
        "--spec", SPEC, "--threads", options.threads, "--out", out])[1])
    pairs, truth = out / "pairs.parquet", files / "truth.parquet"
    return dict(used, pairs=json.loads((out / "summary.json").read_text())["pairs_compared"],
                f1_50=f1(pairs, truth, "match_probability >= 0.5"), f1_95=f1(pairs, truth, "match_probability >= 0.95"),
                f1_own=f1(pairs, truth, "accepted"))


def at_scale(n, scratch, options):
    """Links two files of n records with each tool; what each took, by its name."""
    files = (options.scale or scratch) / str(n)
    if not (files / "truth.parquet").exists():
        subprocess.run([sys.executable, options.shared / "peers" / "make_scale.py", str(n), "--out", files], stdout=subprocess.DEVNULL, check=True)
    result = {} if options.alone else {"Splink": splink_scale(n, files, scratch / "splink", options)}
    result["rollcall"] = rollcall_scale(files, scratch / f"linked-{n}", options)
    for r in result.values():
        r["rate"] = r["pairs"] / r["cpu"]
        r["data"] = sum(pq.read_table(files / f).nbytes for f in ("a.parquet", "b.parquet"))
    return result


def row(*cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def head(*cells):
    print()
    row(*cells)
    row("---", *["---:"] * (len(cells) - 1))


def print_size(n, result):
    tools = list(result)
    head(f"{n:,} a side", *tools, *(["ratio"] if len(tools) > 1 else []))
    for name, key, form in MEASURES:
        cells = [form.format(r[key]) if key in r else "" for r in result.values()]
        if len(tools) > 1:
            cells.append(f"{result['Splink'][key] / result['rollcall'][key]:.3g}" if key in RATIOS else "")
        row(name, *cells)
    if "Splink" in result:
        print(f"\nSplink blocks, compares and scores {result['Splink']['pairs_per_second_predict'] / 1e6:.2f} million pairs a second of wall time.")


def print_growth(results):
    """How each tool grows from the smallest size to the largest."""
    small, large = min(results), max(results)
    tools = list(results[large])
    head(f"growth from {small:,} to {large:,} a side", *tools)
    for name, key in (("candidate pairs", "pairs"), ("wall", "wall"), ("CPU", "cpu"), ("peak memory", "mib")):
        row(name, *(f"x{results[large][t][key] / results[small][t][key]:.1f}" for t in tools))
    row("bytes of peak memory a record, at the largest", *(f"{results[large][t]['mib'] * 2 ** 20 / (2 * large):,.0f}" for t in tools))
    row("bytes of peak memory for each further record",
        *(f"{(results[large][t]['mib'] - results[small][t]['mib']) * 2 ** 20 / (2 * (large - small)):,.0f}" for t in tools))
    row("bytes of data a record, as Arrow has it", *(f"{results[large][t]['data'] / (2 * large):,.0f}" for t in tools))


def print_unknown(scratch, options):
    """Links labelled files without a setting, ids replaced and rows shuffled."""
    columns = [("wall, s", "wall", "{:.1f}"), ("CPU, s", "cpu", "{:.1f}"), ("peak memory, MiB", "mib", "{:,.0f}"), ("F1", "f", "{:.4f}"),
               ("load average before", "load", "{:.1f}")]
    head("two unknown files to links", *(name for name, _, _ in columns))
    for s in labelled.SETS:
        if s.name not in UNKNOWN:
            continue
        if not options.alone:
            line = splink(s.name, options.shared, scratch / "splink", options)
            accuracy = line["accuracy"]
            line["f"] = accuracy.get("closure", accuracy["at"])["0.95"]["f1"]
            row(f"{s.name}: Splink, settings written by hand, p >= 0.95", *(form.format(line[key]) for _, key, form in columns))
        measured = fastest(options, lambda: labelled.measure(s, options.shared / "datasets" / s.name, 1, Namespace(
            headers="given", keep=None, rollcall=options.rollcall, verbose=False)))
        row(f"{s.name}: rollcall, no settings", *(form.format(measured[key]) for _, key, form in columns))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--shared", type=Path, required=True, help="folder with peers and datasets")
    ap.add_argument("--sizes", default="100000,1000000", help="records a side, with commas between")
    ap.add_argument("--scale", type=Path, help="folder with the files of make_scale.py in folders named for their size; what is missing is made there")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--repeat", type=int, default=1, help="runs of each, of which the fastest counts")
    ap.add_argument("--alone", action="store_true", help="rollcall alone")
    ap.add_argument("--rollcall", default="bin/rollcall")
    options = ap.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        results = {}
        for n in map(int, options.sizes.split(",")):
            results[n] = at_scale(n, Path(scratch), options)
            print_size(n, results[n])
        if len(results) > 1:
            print_growth(results)
        if (options.shared / "datasets").is_dir():
            print_unknown(Path(scratch), options)


if __name__ == "__main__":
    main()
