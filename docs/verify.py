#!/usr/bin/env python3
"""Checks a run of rollcall and its ledger with nothing of rollcall's: Python 3.8 and its standard library.

  verify.py RUN                            the files of the run's folder against its manifest
  verify.py RUN --ledger ledger.sqlite     also the ledger's log, that it has this manifest, and what it says was deleted
  verify.py RUN --row-key row.key          also which row, column or file in a file was altered
  … --checkpoint FILE --public-key KEY     also that the log begins with what was signed
  verify.py [RUN] --proof FILE --public-key KEY   without the ledger: what the log says of the run

Exit code 0: as it was written; 1: not. The formats are told in docs/auditor.md.
"""
import argparse, base64, hashlib, hmac, json, os, pathlib, sqlite3, struct, sys
problems = []

read = lambda path: pathlib.Path(path).read_bytes()
sha256 = lambda data: hashlib.sha256(data).digest()

def file_hash(path):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        for block in iter(lambda: f.read(1 << 20), b""):
            h.update(block)
    return h.hexdigest()

def check(true, words):
    true or problems.append(words)
    return true

def check_run(folder, key, entries):
    raw = read(os.path.join(folder, "manifest.json"))
    manifest = json.loads(raw)
    deleted = deletions(manifest["run_id"], entries)
    listed = {f["path"]: f["file_sha256"] for i in manifest["inputs"] for f in i["files"]}
    listed.update((f["path"], f["file_sha256"]) for f in manifest["files"])
    for path, want in sorted(listed.items()):
        whole = os.path.join(folder, path)
        there = os.path.exists(whole)
        check(there or deleted.get(path) == want, f"{path} is missing")
        if there and not check(file_hash(whole) == want, f"{path} was altered") and key:
            check_seal(folder, path, key)
    for top in ("configuration", "reports", "seals", "stages"):
        for at, _, names in os.walk(os.path.join(folder, top)):
            for path in (os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/") for name in names):
                check(path in listed, f"{path} is unknown: the manifest does not list it")
    print(f"run {manifest['run_id']}: {len(listed)} files compared with the manifest")
    return hashlib.sha256(raw).hexdigest()

def deletions(run_id, entries):  # since the run was made last
    files = {}
    for e in map(json.loads, entries):
        if e.get("run_id") == run_id and e["kind"] == "run_ended" and e["manifest_sha256"]:
            files = {}
        elif e.get("run_id") == run_id and e["kind"] == "deletion":
            files.update((f["path"], f["sha256"]) for f in json.loads(e["files"]))
            print(f"run {run_id}: {e['class']} deleted on {e['deleted_on']} under {e['law']}, by {e['person']}")
    return files

def check_seal(folder, path, key):  # names what in an altered file is not as it was sealed
    seal = os.path.join(folder, "seals", path.replace("../", "") + ".seal")
    if not os.path.exists(seal): return
    head, codes = read(seal).split(b"\n", 1)
    head = json.loads(head)
    of_file = hmac.new(key, f"{head['run_id']}\n{head['path']}".encode(), "sha256").digest()
    parts = [(n, code) for n, code in struct.iter_unpack("<I16s", codes)]
    names = head.get("parts") or ["the header"] + [f"row {i} after the header" for i in range(1, len(parts))]
    data = read(os.path.join(folder, path))

    def same(i, start):
        n, code = parts[i]
        return start >= 0 and hmac.new(of_file, data[start:start + n], "sha256").digest()[:16] == code

    if len(data) == sum(n for n, _ in parts):
        start = 0
        for i, (n, _) in enumerate(parts):
            check(same(i, start), f"    in it: {names[i]}")
            start += n
        return
    first, start, last, end = 0, 0, len(parts), len(data)  # longer or shorter: from both ends
    while first < last and same(first, start):
        start, first = start + parts[first][0], first + 1
    while last > first and end - parts[last - 1][0] >= start and same(last - 1, end - parts[last - 1][0]):
        last, end = last - 1, end - parts[last - 1][0]
    check(False, f"    in it: parts {first + 1} to {last} of {len(parts)}" if last > first else f"    in it: {end - start} bytes more after part {first}")

leaf = lambda entry: sha256(b"\0" + entry.encode())
node = lambda left, right: sha256(b"\1" + left + right)

def root(hashes):
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha256(b"")
    k = 1 << (len(hashes) - 1).bit_length() - 1  # the largest power of two below
    return node(root(hashes[:k]), root(hashes[k:]))

def check_ledger(file):
    rows = sqlite3.connect(f"file:{file}?mode=ro", uri=True).execute("SELECT seq, entry, hash FROM log ORDER BY seq").fetchall()
    previous = "0" * 64
    for i, (seq, entry, stored) in enumerate(rows, 1):
        previous = hashlib.sha256(f"{previous}\n{entry}".encode()).hexdigest()
        check(seq == i and stored == previous and json.loads(entry)["seq"] == str(i), f"log: entry {i} does not fit the hash before it")
    print(f"ledger: {len(rows)} entries, head {len(rows)}:{previous}")
    for e in (json.loads(entry) for _, entry, _ in rows if '"deletion"' in entry):
        e["kind"] == "deletion" and not e["run_id"] and print(f"{e['folder']}: deleted on {e['deleted_on']} under {e['law']}, by {e['person']}")  # no run had it
    return [entry for _, entry, _ in rows]

def check_checkpoint(text, key, entries):
    size, head = open_note(text, key)
    if check(size <= len(entries), f"the checkpoint stands for {size} entries, and the log has {len(entries)}"):
        check(root([leaf(e) for e in entries[:size]]) == head, f"the first {size} entries are not those that were signed")
    print(f"checkpoint of {size} entries, rightly signed")

def step(fn, sn):  # one level up in the tree: whether the next hash of a proof is at the left, and where one is then
    left = fn & 1 or fn == sn
    while left and fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return left, fn >> 1, sn >> 1

def check_proof(proof, key, manifest):  # RFC 9162, 2.1.3.2 and 2.1.4.2
    size, head = open_note(proof["checkpoint"], key)
    fn, sn, r = proof["index"], size - 1, leaf(proof["entry"])
    check(0 <= fn < size, "the proof is of no entry of the log")
    for p in map(base64.b64decode, proof["inclusion"] or []):
        left, fn, sn = step(fn, sn)
        r = node(p, r) if left else node(r, p)
    check(sn == 0 and r == head, "the entry is not in the log that was signed")
    entry = json.loads(proof["entry"])
    check(manifest in (None, entry["manifest_sha256"]), "the manifest is not the one that the log knows")
    print(f"proof: the log says that run {entry['run_id']} ended {entry['status']}")
    if proof.get("since"):
        old, first = open_note(proof["since"], key)
        path = [first] * (old & (old - 1) == 0) + [base64.b64decode(p) for p in proof.get("consistency") or []]
        fn, sn = old - 1, size - 1
        while fn & 1 and old:
            fn, sn = fn >> 1, sn >> 1
        fr = sr = path[0] if old else first
        for c in path[1:] if old else []:
            left, fn, sn = step(fn, sn)
            fr, sr = (node(c, fr), node(c, sr)) if left else (fr, node(sr, c))
        check(not old or (sn == 0 and fr == first and sr == head), f"the log is not that of {old} entries with more added")
        print(f"proof: nothing was altered since the checkpoint of {old} entries")

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def add(a, b):
    A, B, C, E = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P, 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, a):
    total = (0, 1, 1, 0)
    for bit in reversed(range(n.bit_length())):
        total = add(add(total, total), a) if n >> bit & 1 else add(total, total)
    return total

def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - x2) % P:
        raise ValueError("no point of the curve")
    return (P - x if x & 1 != sign else x, y, 1, (P - x if x & 1 != sign else x) * y % P)

def open_note(text, key):  # number of entries and head of a checkpoint; Ed25519 as in RFC 8032, 6
    name, _, public = key.strip().split("+", 2)
    public = base64.b64decode(public)
    body, _, signatures = text.replace("\r\n", "\n").strip().rpartition("\n\n")
    good, base = False, point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    for line in signatures.split("\n"):
        signature = base64.b64decode(line.split(" ")[-1])[4:]
        if line.startswith(f"\u2014 {name} ") and len(signature) == 64:
            s = int.from_bytes(signature[32:], "little")
            k = int.from_bytes(hashlib.sha512(signature[:32] + public[1:] + body.encode() + b"\n").digest(), "little") % L
            a, b = times(s, base), add(point(signature[:32]), times(k, point(public[1:])))
            good = good or (s < L and (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0)
    check(good, "the checkpoint is not signed with this key")
    _, size, head = body.split("\n")[:3]
    return int(size), base64.b64decode(head)

def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("run", nargs="?")
    for option in ("--ledger", "--row-key", "--checkpoint", "--public-key", "--proof"):
        a.add_argument(option)
    a = a.parse_args()
    (a.checkpoint or a.proof) and not a.public_key and sys.exit("a checkpoint or a proof needs --public-key: the one that was kept with it")
    key = bytes.fromhex(read(a.row_key).decode().strip()) if a.row_key else None
    public = read(a.public_key).decode() if a.public_key and os.path.exists(a.public_key) else a.public_key
    entries = check_ledger(a.ledger) if a.ledger else []
    manifest = check_run(a.run, key, entries) if a.run else None
    a.ledger and check(manifest is None or any(json.loads(e).get("manifest_sha256") == manifest for e in entries), "the ledger does not know this manifest")
    a.ledger and a.checkpoint and check_checkpoint(read(a.checkpoint).decode(), public, entries)
    a.proof and check_proof(json.loads(read(a.proof)), public, manifest)
    print("\n".join(problems) if problems else "Nothing was altered.")
    sys.exit(bool(problems))

main()
