"""Reads one query as a table, and fails where a row is not what it is as NDJSON: CSV by
the csv module and by pandas, Arrow and Parquet by pyarrow. It prints what it read by.

python3 tables.py URL QUERY
"""

import csv
import datetime
import io
import json
import sys
import urllib.parse
import urllib.request

try:
    import pandas
except ImportError:
    pandas = None
try:
    import pyarrow.ipc
    import pyarrow.parquet
except ImportError:
    pyarrow = None

url, query = sys.argv[1:]


def get(form):
    params = urllib.parse.urlencode({"query": query, "format": form})
    with urllib.request.urlopen(f"{url}?{params}") as response:
        return response.read()


def plain(read, value):
    """What pyarrow read, as JSON has it: days and moments are texts there."""
    if isinstance(value, list):
        return [plain(r, v) for r, v in zip(read, value, strict=True)]
    if isinstance(value, dict):
        return {name: plain(read[name], v) for name, v in value.items()}
    if isinstance(read, datetime.datetime):
        assert read == datetime.datetime.fromisoformat(value), (read, value)
        return value
    if isinstance(read, datetime.date):
        return read.isoformat()
    return read


wanted = [json.loads(line) for line in get("ndjson").splitlines()]
text = get("csv").decode()
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

if pyarrow is not None:
    arrow = pyarrow.ipc.open_stream(get("arrow")).read_all()
    parquet = pyarrow.parquet.read_table(pyarrow.BufferReader(get("parquet")))
    assert b"chancery.knownAt" in arrow.schema.metadata, arrow.schema.metadata
    for kind, table in ("Arrow", arrow), ("Parquet", parquet):
        table.validate(full=True)
        assert table.num_rows == len(wanted), (kind, table.num_rows, len(wanted))
        for i, (row, want) in enumerate(zip(table.to_pylist(), wanted)):
            assert list(row) == list(want), (kind, row, want)
            for name, value in want.items():
                read = plain(row[name], value)
                assert read == value and type(read) is type(value), (kind, i, name, row[name], value)
print("csv", *["pandas"] * (pandas is not None), *["pyarrow"] * (pyarrow is not None))
