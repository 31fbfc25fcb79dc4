"""Writes what python-stdnum and idnumbers make of identity numbers, for oracle.txt.

  python3 -m venv venv && venv/bin/pip install python-stdnum==2.2 idnumbers==1.22.0
  venv/bin/python oracle.py 40 > oracle.txt

A line: system, number, valid or invalid, birth and sex where the library says
them. Half of the numbers are random, a quarter valid ones, a quarter valid ones
with a digit changed or two neighbours swapped. Births of two digits are as the
library takes the century.
"""

import random
import sys

from idnumbers.nationalid import BGD, EGY, IDN, IND, LKA, MYS, THA, VNM, ZAF
from stdnum.cl import rut
from stdnum.id import nik
from stdnum.in_ import aadhaar, vid
from stdnum.my import nric
from stdnum.pk import cnic
from stdnum.th import pin
from stdnum.za import idnr

rng = random.Random(20260101)


def digits(n):
    return "".join(rng.choice("0123456789") for _ in range(n))


def date(form, women=0):
    """A day that may exist, in the form; sometimes one that does not."""
    year, month, day = rng.randint(1930, 2015), rng.randint(1, 13), rng.randint(1, 32)
    day += women * rng.randint(0, 1)
    return form.format(Y=year, y=year % 100, m=month, d=day)


def stdnum(module):
    def judge(number):
        if not module.is_valid(number):
            return ["invalid"]
        out = ["valid"]
        if hasattr(module, "get_birth_date"):
            out.append(str(module.get_birth_date(number)))
        if hasattr(module, "get_gender"):
            out.append({"M": "male", "F": "female"}[module.get_gender(number)])
        return out
    return judge


def parsed(cls, stricter=False):
    """Where idnumbers knows rules of places that are not ours, only valid ones say something."""
    def judge(number):
        if not cls.validate(number):
            return ["" if stricter else "invalid"]
        p = cls.parse(number) if cls.METADATA.parsable else {}
        out = ["valid"]
        for key in ("yyyymmdd", "yyyy"):
            if p and p.get(key):
                out.append(str(p[key]))
        if p and p.get("gender"):
            out.append(p["gender"].name.lower())
        return out
    return judge


SYSTEMS = [
    ("in_aadhaar", stdnum(aadhaar), lambda: digits(12)),
    ("in_aadhaar", parsed(IND.NationalID), lambda: digits(12)),
    ("in_vid", stdnum(vid), lambda: digits(16)),
    ("th_pin", stdnum(pin), lambda: rng.choice("123456789") + digits(12)),
    ("th_pin", parsed(THA.NationalID, stricter=True), lambda: digits(13)),
    ("cl_run", stdnum(rut), lambda: digits(rng.randint(7, 8)) + rng.choice("0123456789K")),
    ("za_id", stdnum(idnr), lambda: date("{y:02}{m:02}{d:02}") + digits(4) + rng.choice("012") + digits(2)),
    ("za_id", parsed(ZAF.NationalID, stricter=True), lambda: date("{y:02}{m:02}{d:02}") + digits(4) + rng.choice("01") + digits(2)),
    ("id_nik", stdnum(nik), lambda: rng.choice(["3171", "1101", "9999", "5101"]) + digits(2) + date("{d:02}{m:02}{y:02}", 40) + "%04d" % rng.randint(1, 999)),
    ("id_nik", parsed(IDN.NationalID, stricter=True), lambda: rng.choice(["317101", "110102", "510103"]) + date("{d:02}{m:02}{y:02}", 40) + "%04d" % rng.randint(1, 999)),
    ("my_kad", stdnum(nric), lambda: date("{y:02}{m:02}{d:02}") + digits(6)),
    ("my_kad", parsed(MYS.NationalID), lambda: date("{y:02}{m:02}{d:02}") + digits(6)),
    ("pk_cnic", stdnum(cnic), lambda: rng.choice("012345679") + digits(12)),
    ("bd_nid", parsed(BGD.NationalID), lambda: str(rng.randint(1930, 2010)) + digits(13)),
    ("vn_cccd", parsed(VNM.NationalID), lambda: rng.choice(["001", "079", "038", "096"]) + rng.choice("0123") + digits(8)),
    ("lk_nic", parsed(LKA.NationalID), lambda: str(rng.randint(1930, 2010)) + "%03d" % rng.choice([rng.randint(1, 366), rng.randint(501, 866)]) + digits(5)),
    ("eg_nid", parsed(EGY.NationalID), lambda: rng.choice("1234") + date("{y:02}{m:02}{d:02}") + "01" + digits(5)),
]


# The others take any year, century, place and kind of person for these (and python-stdnum
# the day 99 for 19), so only the end changes.
END_ONLY = {"bd_nid", "lk_nic", "pk_cnic", "vn_cccd", "eg_nid", "th_pin", "id_nik"}


def mutated(number, end_only):
    at = rng.randrange(len(number) - 5 if end_only else 0, len(number) - 1)
    if rng.random() < 0.5:
        return number[:at] + rng.choice("0123456789") + number[at + 1:]
    return number[:at] + number[at + 1] + number[at] + number[at + 2:]


def main(count):
    for name, judge, make in SYSTEMS:
        for i in range(count):
            number = make()
            for _ in range(2000 if i % 4 >= 2 else 0):
                if judge(number)[0] == "valid":
                    break
                number = make()
            if i % 4 == 3:
                number = mutated(number, name in END_ONLY)
            said = judge(number)
            if said[0]:
                print(name, number, *said)


main(int(sys.argv[1]))
