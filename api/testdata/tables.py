"""Reads one query as CSV, and fails where a row is not what it is as NDJSON: by the
csv module, and by pandas where it is there.

python3 tables.py URL QUERY
"""

import csv
import io
import json
import sys
import urllib.parse
import urllib.request

try:
    import pandas
except ImportError:
    pandas = None

url, query = sys.argv[1:]


def get(form):
    params = urllib.parse.urlencode({"query": query, "format": form})
    with urllib.request.urlopen(f"{url}?{params}") as response:
        return response.read().decode()


wanted = [json.loads(line) for line in get("ndjson").splitlines()]
text = get("csv")
rows = list(csv.DictReader(io.StringIO(text, newline="")))
assert len(rows) == len(wanted), (len(rows), len(wanted))
for i, (row, want) in enumerate(zip(rows, wanted)):
    assert list(row) == list(want), (row, want)
    for name, value in want.items():
        if value is None:
            read = row[name] or None
        elif isinstance(value, str):
            read = row[name]
        else:
            read = json.loads(row[name])
        assert read == value, (i, name, row[name], value)

if pandas is not None:
    frame = pandas.read_csv(io.StringIO(text, newline=""), keep_default_na=False, na_values=[""])
    assert len(frame) == len(wanted), (len(frame), len(wanted))
    for name in wanted[0] if wanted else []:
        values = [want[name] for want in wanted]
        if any(isinstance(value, str) for value in values):
            # What looks like a number to pandas is a text to us: EDTF's 2025.
            column = pandas.read_csv(io.StringIO(text, newline=""), keep_default_na=False, na_values=[""], dtype={name: str})[name]
        else:
            column = frame[name]
        for i, (read, value) in enumerate(zip(column, values)):
            if isinstance(value, list):
                read = json.loads(read)
            if value is None or value == "":
                assert pandas.isna(read), (i, name, read, value)
            else:
                assert read == value, (i, name, read, value)
print("ok" if pandas is not None else "ok, without pandas")
