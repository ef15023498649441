"""Asks a Chancery server from Python: a question with its pages, as a data frame.

Needs pandas. CHANCERY_URL names the server (default: http://127.0.0.1:8080).
"""

import json
import os
import urllib.error
import urllib.request

import pandas

URL = os.environ.get("CHANCERY_URL", "http://127.0.0.1:8080") + "/graphql"


class ChanceryError(Exception):
    """What the server refused, with its code, or why there was no answer."""


def ask(query, known_at=None, **variables):
    """Returns the answer's data, and the moment at which the graph knew it.

    Asked again with that moment as known_at, the question has the same answer
    years later, whatever the graph has learned since. Raises ChanceryError.
    """
    question = {"query": query, "variables": variables}
    if known_at:
        question["extensions"] = {"perspective": {"knownAt": known_at}}
    request = urllib.request.Request(
        URL, json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            answer = json.load(response)
    except (urllib.error.URLError, ValueError) as error:
        raise ChanceryError(f"no answer from {URL}: {error}; is the server running?") from error
    if "errors" in answer:
        raise ChanceryError(
            "\n".join(f"{e['extensions']['code']}: {e['message']}" for e in answer["errors"])
        )
    return answer["data"], answer["extensions"]["perspective"]["knownAt"]


def frame(query, known_at=None, **variables):
    """Returns the rows of the query's one connection as a data frame, all pages of it.

    The query takes $after and selects pageInfo { hasNextPage endCursor } beside nodes
    or edges. Nested values become dotted columns; lists stay lists. All pages are of
    one moment, which is in frame.attrs["knownAt"].
    """
    # Cursors are of one perspective, so the moment is settled before the first page.
    if known_at is None:
        _, known_at = ask("{ __typename }")
    rows, after = [], None
    while True:
        data, _ = ask(query, known_at, after=after, **variables)
        if len(data) != 1:
            raise ChanceryError(f"a frame has one connection, the query has {', '.join(data)}")
        (connection,) = data.values()
        rows += connection["nodes"] if "nodes" in connection else connection["edges"]
        if not connection["pageInfo"]["hasNextPage"]:
            break
        after = connection["pageInfo"]["endCursor"]
    table = pandas.json_normalize(rows)
    table.attrs["knownAt"] = known_at
    return table


def names(entities):
    """Returns the names of a list of entities as one text."""
    return ", ".join(entity["name"] for entity in entities)
