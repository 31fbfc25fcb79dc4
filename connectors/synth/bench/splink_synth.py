"""How hard is a made country? Links its register to its roster with Splink, set up as its users would, and prints the
best F1 over all thresholds, which needs the truth to find. A preset on which that passes 0.95 is too easy.

  rollcall synth COUNTRY --households 30000 --preset mixed --months 1
  python splink_synth.py COUNTRY [persons|mentions|deaths|births] [--without national_id,...] [--files DIR]

persons   one record of each person on either side: what is left when each side has been deduplicated without error
mentions  every child, mother, father, deceased, groom and bride against every member
deaths    the deceased against the members
births    the children against the members

--files DIR also writes left.csv, right.csv and truth.csv there, for another program to be measured on the same records.
Needs Splink 4 or 5 with DuckDB. Prints one line of JSON.
"""

import argparse
import json
import logging
import warnings
from pathlib import Path

import duckdb
import splink
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

DATE = "coalesce(try_strptime({0}, '%Y-%m-%d'), try_strptime({0}, '%d/%m/%Y'))::DATE"
ROLES = {"deaths": ["deceased"], "births": ["child"], "persons": ["deceased", "child", "groom", "bride", "mother", "father"]}
ROLES["mentions"] = ROLES["persons"]
NAMES = ["given_name", "family_name", "mother_name", "father_name", "spouse_name"]


def mentions(role, rank):
    """One role of the register, in its newest version, as a SELECT in the columns that both sides have."""
    full = "nullif(concat_ws(' ', {0}_given_name, {0}_family_name), '')".format
    parts = {
        "deceased": ("deaths", "sex", "date_of_birth", "mother_name", "father_name", "spouse_name"),
        "child": ("births", "sex", "date_of_birth", full("mother"), full("father"), "NULL"),
        "mother": ("births", "'F'", "mother_date_of_birth", "NULL", "NULL", full("father")),
        "father": ("births", "'M'", "father_date_of_birth", "NULL", "NULL", full("mother")),
        "groom": ("marriages", "'M'", "groom_date_of_birth", "NULL", "groom_father_name", full("bride")),
        "bride": ("marriages", "'F'", "bride_date_of_birth", "NULL", "bride_father_name", full("groom")),
    }
    source, sex, born, mother, father, spouse = parts[role]
    return f"""select '{source}/' || registration_no || '/{role}' as id, {rank} as rank, {role}_given_name as given_name,
        {role}_family_name as family_name, {sex} as sex, {DATE.format(born)} as dob, {role}_national_id as national_id,
        left(coalesce(canonical_code, area_code), 8) as area, {mother} as mother_name, {father} as father_name, {spouse} as spouse_name
      from {source} left join codes on source_code = area_code
      where coalesce({role}_given_name, {role}_family_name) is not null
      qualify row_number() over (partition by registration_no order by version desc) = 1"""


def load(con, country, what):
    """Tables left and right with one row a record, and truth with the pairs that are one person."""
    def read(path):
        return f"select * from read_csv('{country / path}', header=true, all_varchar=true, union_by_name=true)"
    for source in ("births", "deaths", "marriages"):
        con.execute(f"create table {source} as {read(f'crvs/{source}-*.csv')}")
    con.execute(f"create table codes as {read('codes/area.csv')}")
    con.execute(f"create table who as {read('truth/records.csv')}")
    month = sorted((country / "sp").glob("2*"))[-1].name
    con.execute("create table crvs as " + " union all ".join(f"({mentions(role, i)})" for i, role in enumerate(ROLES[what])))
    con.execute(f"""create table sp as select 'members/' || member_id || '/member' as id, 0 as rank, given_name, family_name,
        case sex when '1' then 'M' else 'F' end as sex, {DATE.format('date_of_birth')} as dob, national_id,
        left(area_code, 8) as area, mother_name, father_name, spouse_name from ({read(f'sp/{month}/members.csv')})""")
    clean = ", ".join(f"nullif(trim(regexp_replace(lower(strip_accents({c})), '[^a-z]+', ' ', 'g')), '') as {c}" for c in NAMES)
    one = "qualify row_number() over (partition by person_id order by rank, id) = 1" if what == "persons" else ""
    for side, table in (("left", "crvs"), ("right", "sp")):
        con.execute(f"create table {side}_side as select * exclude (rank) replace ({clean}) from {table} join who on mention_id = id {one}")
    con.execute("""create table truth as select l.id as left_id, r.id as right_id
        from left_side l join right_side r on l.person_id = r.person_id""")
    for side in ("left", "right"):
        con.execute(f"alter table {side}_side drop person_id")
        con.execute(f"alter table {side}_side drop mention_id")


def export(con, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for table, file in (("left_side", "left"), ("right_side", "right"), ("truth", "truth")):
        con.execute(f"copy (select * from {table} order by all) to '{folder / file}.csv' (header)")


def birth_date():
    """1 January is mostly the placeholder of who knows his year only, so that agreement on it is a level of its own."""
    return cl.CustomComparison(output_column_name="dob", comparison_levels=[
        cll.NullLevel("dob"),
        cll.CustomLevel("dob_l = dob_r and month(dob_l) * 100 + day(dob_l) <> 101", "exact date"),
        cll.CustomLevel("dob_l = dob_r", "both 1 January of one year"),
        cll.CustomLevel("damerau_levenshtein(dob_l::varchar, dob_r::varchar) <= 1 "
                        "or dob_l = try_strptime(strftime(dob_r, '%Y-%d-%m'), '%Y-%m-%d')::date", "one digit, or day and month swapped"),
        cll.CustomLevel("year(dob_l) = year(dob_r)", "one year"),
        cll.CustomLevel("abs(year(dob_l) - year(dob_r)) <= 2", "two years"),
        cll.CustomLevel("abs(year(dob_l) - year(dob_r)) <= 10", "ten years"), cll.ElseLevel()])


def settings(without):
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("family_name").configure(term_frequency_adjustments=True),
        birth_date(), cl.ExactMatch("sex"),
        cl.ExactMatch("national_id"),  # numbers of one typing error are too rare among random pairs for u to be learnt
        cl.CustomComparison(output_column_name="area", comparison_levels=[
            cll.NullLevel("area"), cll.ExactMatchLevel("area"), cll.CustomLevel("left(area_l, 4) = left(area_r, 4)", "one district"), cll.ElseLevel()]),
        *(cl.JaroWinklerAtThresholds(c, [0.95, 0.85]) for c in ("mother_name", "father_name", "spouse_name"))]
    rules = [block_on("national_id"), block_on("area", "sex", "year(dob)"), block_on("area", "sex", "substr(given_name, 1, 1)"),
             block_on("area", "mother_name"), block_on("area", "father_name"), block_on("area", "spouse_name"),
             block_on("given_name", "dob"), block_on("family_name", "dob"), block_on("given_name", "family_name", "sex"),
             block_on("given_name", "year(dob)", "sex"), "l.area = r.area and l.given_name = r.family_name"]

    def keep(x):
        sql = x if isinstance(x, str) else x.get_blocking_rule("duckdb").blocking_rule_sql if hasattr(x, "get_blocking_rule") \
            else str(x.create_comparison_dict("duckdb"))
        return not any(c in sql for c in without)
    return SettingsCreator(link_type="link_only", unique_id_column_name="id", comparisons=list(filter(keep, comparisons)),
                           blocking_rules_to_generate_predictions=list(filter(keep, rules)),
                           retain_matching_columns=False, retain_intermediate_calculation_columns=False)


def link(con, without):
    """Trains without truth and returns the table of scored pairs."""
    api = DuckDBAPI(connection=con)
    if int(splink.__version__.split(".")[0]) >= 5:
        linker = Linker([api.register("left_side", dataset_display_name="a"), api.register("right_side", dataset_display_name="b")], settings(without))
    else:
        linker = Linker(["left_side", "right_side"], settings(without), db_api=api, input_table_aliases=["a", "b"])
    t = linker.training
    exact = [block_on("given_name", "family_name", "dob"), block_on("given_name", "dob", "area")]
    t.estimate_probability_two_random_records_match(exact + ([] if "national_id" in without else [block_on("national_id")]), recall=0.6)
    t.estimate_u_using_random_sampling(max_pairs=1e7)
    for rule in (block_on("dob"), block_on("given_name", "area"), block_on("mother_name", "sex")): # each comparison is trained in two of them
        t.estimate_parameters_using_expectation_maximisation(rule)
    return linker.inference.predict().physical_name


def best(con, pairs):
    """F1, precision, recall and weight at the threshold that maximises F1, and the recall of all pairs scored."""
    return con.execute(f"""
        with scored as (select p.match_weight as w, (t.left_id is not null)::int as hit from {pairs} p
            left join truth t on (t.left_id = p.id_l and t.right_id = p.id_r) or (t.left_id = p.id_r and t.right_id = p.id_l)),
        ranked as (select w, sum(hit) over o as hits, count(*) over o as said from scored window o as (order by w desc)),
        measured as (select w, hits / said as p, hits / (select count(*) from truth) as r from ranked)
        select round(2 * p * r / (p + r), 4), round(p, 4), round(r, 4), round(w, 1), (select round(max(r), 4) from measured)
        from measured where p + r > 0 order by 2 * p * r / (p + r) desc limit 1""").fetchall()[0]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("country", type=Path)
    ap.add_argument("what", nargs="?", default="persons", choices=ROLES)
    ap.add_argument("--without", type=lambda s: [c for c in s.split(",") if c], default=[], help="columns to do without")
    ap.add_argument("--files", type=Path, help="write the records and the truth to this folder")
    a = ap.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    con = duckdb.connect()
    con.execute("set threads = 2")
    load(con, a.country, a.what)
    if a.files:
        export(con, a.files)
    counts = [con.execute(f"select count(*) from {t}").fetchall()[0][0] for t in ("left_side", "right_side", "truth")]
    pairs = link(con, a.without)
    scored = con.execute(f"select count(*) from {pairs}").fetchall()[0][0]
    f1, precision, recall, weight, found = best(con, pairs)
    made = json.loads((a.country / "synth.json").read_text())
    print(json.dumps(dict(
        preset=made["preset"], synth_version=made["version"], seed=made["seed"], persons=made["counts"]["persons"], what=a.what,
        without=a.without, left=counts[0], right=counts[1], true_pairs=counts[2], scored_pairs=scored, splink=splink.__version__,
        best_f1=f1, precision=precision, recall=recall, at_bits=weight, recall_of_scored=found)))


if __name__ == "__main__":
    main()
