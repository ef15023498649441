"""Reads one query as CSV, and fails where a row is not what it is as NDJSON.

python3 tables.py URL QUERY
"""

import csv
import io
import json
import sys
import urllib.parse
import urllib.request

url, query = sys.argv[1:]


def get(form):
    params = urllib.parse.urlencode({"query": query, "format": form})
    with urllib.request.urlopen(f"{url}?{params}") as response:
        return response.read().decode()


wanted = [json.loads(line) for line in get("ndjson").splitlines()]
rows = list(csv.DictReader(io.StringIO(get("csv"), newline="")))
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
print("ok")
