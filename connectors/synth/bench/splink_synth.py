"""How hard is a made country? Links its register to its roster with Splink and
prints the best F1 over all thresholds, which needs the truth to find.

  rollcall synth COUNTRY --households 29000 --preset mixed
  python splink_synth.py COUNTRY [deaths|births|parents|all] [--without national_id,...]

Needs Splink 4 or 5 with DuckDB. A preset on which the best F1 passes 0.95 is too easy.
"""

import argparse
import json
import logging
from pathlib import Path

import duckdb
import splink
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

COLUMNS = "given_name, family_name, sex, dob, national_id, area, mother_name, father_name"
DATE = "coalesce(try_strptime({0}, '%Y-%m-%d'), try_strptime({0}, '%d/%m/%Y'))::DATE"


def mentions(role):
    """One role of the register as a SELECT in the columns that both sides have."""
    full = "nullif(concat_ws(' ', {0}_given_name, {0}_family_name), '')"
    parts = {
        "deceased": ("deaths", "deceased", "sex", "date_of_birth", "mother_name", "father_name"),
        "child": ("births", "child", "sex", "date_of_birth", full.format("mother"), full.format("father")),
        "mother": ("births", "mother", "'F'", "mother_date_of_birth", "NULL", "NULL"),
        "father": ("births", "father", "'M'", "father_date_of_birth", "NULL", "NULL"),
        "groom": ("marriages", "groom", "'M'", "groom_date_of_birth", "NULL", "groom_father_name"),
        "bride": ("marriages", "bride", "'F'", "bride_date_of_birth", "NULL", "bride_father_name"),
    }
    source, who, sex, born, mother, father = parts[role]
    return f"""select '{source}/' || registration_no || '/{role}' as id, {who}_given_name as given_name,
        {who}_family_name as family_name, {sex} as sex, {DATE.format(born)} as dob, {who}_national_id as national_id,
        left(coalesce(canonical_code, area_code), 8) as area, {mother} as mother_name, {father} as father_name
      from {source} left join codes on source_code = area_code
      where coalesce({who}_given_name, {who}_family_name) is not null
      qualify row_number() over (partition by registration_no order by version desc) = 1"""


ROLES = {"deaths": ["deceased"], "births": ["child"], "parents": ["mother", "father"],
         "all": ["deceased", "child", "mother", "father", "groom", "bride"]}


def load(con, country, what):
    read = "select * from read_csv('{}', header=true, all_varchar=true, union_by_name=true)"
    for source in ("births", "deaths", "marriages"):
        con.execute(f"create table {source} as {read.format(country / 'crvs' / (source + '-*.csv'))}")
    con.execute(f"create table codes as {read.format(country / 'codes' / 'area.csv')}")
    newest = sorted((country / "sp").glob("2*"))[-1]
    con.execute(f"create table members as {read.format(newest / 'members.csv')}")
    con.execute(f"create table records as {read.format(country / 'truth' / 'records.csv')}")
    con.execute("create table side_a as " + " union all ".join(f"({mentions(r)})" for r in ROLES[what]))
    con.execute(f"""create table side_b as select 'members/' || member_id || '/member' as id, given_name, family_name,
        case sex when '1' then 'M' else 'F' end as sex, {DATE.format('date_of_birth')} as dob, national_id,
        left(area_code, 8) as area, mother_name, father_name from members""")
    con.execute("""create table truth as select a.id as id_a, b.id as id_b from side_a a join records x on x.mention_id = a.id
        join records y on y.person_id = x.person_id join side_b b on b.id = y.mention_id""")


def settings(without):
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("family_name").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("dob", input_is_string=False), cl.ExactMatch("sex"),
        cl.LevenshteinAtThresholds("national_id", [1, 2]),
        cl.ExactMatch("area").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("mother_name", [0.95, 0.88]), cl.JaroWinklerAtThresholds("father_name", [0.95, 0.88])]
    rules = [block_on("national_id"), block_on("dob", "area"), block_on("given_name", "area"),
             block_on("family_name", "dob"), block_on("given_name", "dob"), block_on("mother_name", "area"),
             block_on("father_name", "area"), block_on("year(dob)", "area", "sex")]
    def keep(x):
        sql = x.get_blocking_rule("duckdb").blocking_rule_sql if hasattr(x, "get_blocking_rule") else str(x.create_comparison_dict("duckdb"))
        return not any(c in sql for c in without)
    return SettingsCreator(link_type="link_only", unique_id_column_name="id", comparisons=list(filter(keep, comparisons)),
                           blocking_rules_to_generate_predictions=list(filter(keep, rules)),
                           retain_matching_columns=False, retain_intermediate_calculation_columns=False)


def link(con, what, without):
    api = DuckDBAPI(connection=con)
    five = int(splink.__version__.split(".")[0]) >= 5
    if five:
        linker = Linker([api.register("side_a", dataset_display_name="a"), api.register("side_b", dataset_display_name="b")], settings(without))
    else:
        linker = Linker(["side_a", "side_b"], settings(without), db_api=api, input_table_aliases=["a", "b"])
    t = linker.training
    exact = [block_on("given_name", "family_name", "dob"), block_on("given_name", "dob", "area")]
    t.estimate_probability_two_random_records_match(exact + ([] if "national_id" in without else [block_on("national_id")]), recall=0.6)
    t.estimate_u_using_random_sampling(max_pairs=1e7)
    for rule in (block_on("dob", "area"), block_on("given_name", "area")):
        t.estimate_parameters_using_expectation_maximisation(rule)
    return linker.inference.predict(threshold_match_probability=0.001).physical_name


def best(con, pairs):
    """Precision, recall and F1 at the threshold that maximises F1."""
    return con.execute(f"""
        with scored as (select p.match_weight as w, (t.id_a is not null)::int as hit
            from {pairs} p left join truth t on (t.id_a = p.id_l and t.id_b = p.id_r) or (t.id_a = p.id_r and t.id_b = p.id_l)),
        ranked as (select w, sum(hit) over o as hits, count(*) over o as said from scored window o as (order by w desc)),
        measured as (select w, hits / said as p, hits / (select count(*) from truth) as r from ranked)
        select round(2 * p * r / (p + r), 4), round(p, 4), round(r, 4), round(w, 1) from measured where p + r > 0
        order by 2 * p * r / (p + r) desc limit 1""").fetchone()


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("country", type=Path)
    ap.add_argument("what", nargs="?", default="all", choices=ROLES)
    ap.add_argument("--without", type=lambda s: [c for c in s.split(",") if c], default=[])
    a = ap.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    con = duckdb.connect()
    con.execute("set threads = 2")
    load(con, a.country, a.what)
    f1, p, r, w = best(con, link(con, a.what, a.without))
    made = json.loads((a.country / "synth.json").read_text())
    print(json.dumps(dict(preset=made["preset"], version=made["version"], persons=made["counts"]["persons"], what=a.what, without=a.without,
                          records=con.execute("select (select count(*) from side_a), (select count(*) from side_b), (select count(*) from truth)").fetchone(),
                          f1=f1, precision=p, recall=r, at_bits=w)))


if __name__ == "__main__":
    main()
