"""Writes oracle.txt: the first day and the month lengths of each year as other
implementations have them.

    python3 -m venv venv
    venv/bin/pip install nepali-datetime==1.0.8.5 hijridate==2.3.0 bangladatetime==0.0.2
    npm install date-bengali-revised@2.0.2
    cargo init oracle && cargo add --manifest-path oracle/Cargo.toml bongabdo@0.1.0 # main.rs: BONGABDO below
    venv/bin/python oracle.py > oracle.txt

Node.js (here with ICU 78) has the calendars of Intl.DateTimeFormat.
"""
import datetime
import subprocess

EPOCH = datetime.date(1970, 1, 1)

ICU = """
const [calendar, from, to] = process.argv.slice(1);
const f = new Intl.DateTimeFormat("en-u-ca-" + calendar, {timeZone: "UTC", day: "numeric", month: "numeric", year: "numeric"});
for (let d = +from; d <= +to; d++) {
  const p = {};
  for (const x of f.formatToParts(new Date(d * 864e5))) p[x.type] = x.value;
  console.log(d, parseInt(p.year ?? p.relatedYear), p.month, p.day);
}"""

BENGALI = """
const Calendar = require("date-bengali-revised").default ?? require("date-bengali-revised");
const [from, to] = process.argv.slice(2);
for (let d = +from; d <= +to; d++) {
  const g = new Date(d * 864e5), c = new Calendar();
  c.fromGregorian(g.getUTCFullYear(), g.getUTCMonth() + 1, g.getUTCDate());
  console.log(d, c.year, c.month, c.day);
}"""

BONGABDO = """
use bongabdo::{Bongabdo, CalendarStandard};
fn main() {
    for y in 1890..=2050 { for m in 1..=12 { for d in 1..=31 {
        if let Ok(b) = Bongabdo::from_ymd(y, m, d, CalendarStandard::WestBengalTraditional) {
            println!("{y:04}-{m:02}-{d:02} {} {} {}", b.year, b.month, b.day);
        }
    }}}
}"""


def day(year, month, day):
    return (datetime.date(year, month, day) - EPOCH).days


def run(*command):
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        d, year, month, of = line.split()
        yield int(d) if "-" not in d[1:] else (datetime.date.fromisoformat(d) - EPOCH).days, int(year), int(month), int(of)


def each(package, start, end):
    for d in range(start, end + 1):
        at = package(EPOCH + datetime.timedelta(d))
        yield d, at.year, at.month, at.day


def table(name, dates):
    """Every day must continue the month or start one; whole years are written."""
    years, last = {}, None
    for d, year, month, of in dates:
        if of == 1:
            years.setdefault(year, []).append([d, 0, month])
        elif last is None:
            continue
        elif last != (d - 1, year, month, of - 1):
            raise ValueError(f"{name}: {year}-{month}-{of} is day {d}, after {last}")
        if year in years:
            years[year][-1][1] = of
        last = (d, year, month, of)
    whole = [y for y in sorted(years) if y + 1 in years and years[y][0][2] == 1]
    for year in whole:
        months = years[year]
        print(name, year, EPOCH + datetime.timedelta(months[0][0]), *(n for _, n, _ in months))


def main():
    import bangladatetime
    import hijridate
    import nepali_datetime
    start, end = day(1880, 1, 1), day(2050, 12, 31)
    for name, icu in (("ethiopian", "ethiopic"), ("coptic", "coptic"), ("saka", "indian"), ("hijri-tabular", "islamic-civil"), ("buddhist", "buddhist")):
        table(name, run("node", "-e", ICU, icu, str(start), str(end)))
    table("hijri", each(lambda d: hijridate.Gregorian(d.year, d.month, d.day).to_hijri(), day(1924, 8, 1), day(2077, 11, 16)))
    table("bikram", each(nepali_datetime.date.from_datetime_date, day(1918, 4, 13), day(2043, 4, 13)))
    table("bangla-1987", run("node", "-e", BENGALI, "revised", str(start), str(end)))
    table("bangla-2019", each(lambda d: bangladatetime.date.fromgregorian(d.year, d.month, d.day), start, end))
    table("bangla-india", run("oracle/target/release/oracle"))


main()
