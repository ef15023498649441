#!/usr/bin/env bash
# The ways to ask Chancery with curl, one after the other:
#   CHANCERY_URL=http://127.0.0.1:8080 ./ask.sh
# Each call stands by itself and can be copied. It fails where an answer is wrong.
set -euo pipefail
: "${CHANCERY_URL:?Set CHANCERY_URL to the address of a Chancery server: http://127.0.0.1:8080}"
graphql=$CHANCERY_URL/graphql
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# wants WORDS: shows the answer that comes in, and fails unless it has the words.
wants() {
	local answer
	answer=$(cat)
	printf '%.300s\n\n' "$answer"
	case $answer in *"$1"*) ;; *) echo "the answer lacks $1" >&2; exit 1 ;; esac
}

echo "# Which officials visited which country before the summit?"
curl -sS "$graphql" -H 'Content-Type: application/json' -d '
{"query": "{ visits(where: {start: {before: {event: \"event/c5-plus-1-summit-2025\"}}}) { nodes { visitors { name } destination { name } } } }"}' |
	wants '"visitors":[{"name":"Sergio Gor"},{"name":"Christopher Landau"}],"destination":{"name":"Kazakhstan"}'

echo "# With variables, in a perspective, with citations: nothing of it is in the document."
curl -sS "$graphql" -H 'Content-Type: application/json' -d '
{"query": "query ($id: ID!) { event(id: $id) { name start { edtf } } }",
 "variables": {"id": "event/c5-plus-1-summit-2025"},
 "extensions": {"perspective": {"statuses": ["CONFIRMED"]}, "cite": true}}' |
	wants '"citations":[{"path":["event",'

echo "# By GET, so that it can be kept: the second time nothing has changed."
curl -sSG "$graphql" -D "$work/headers" --data-urlencode 'query={ nation(id: "nation/kz") { name isoAlpha3 } }' |
	wants '"isoAlpha3":"KAZ"'
tag=$(sed -n 's/^[Ee][Tt]ag: //p' "$work/headers" | tr -d '\r')
curl -sSG "$graphql" -H "If-None-Match: $tag" -o /dev/null -w '%{http_code}' --data-urlencode 'query={ nation(id: "nation/kz") { name isoAlpha3 } }' |
	wants 304

echo "# By the hash of a document that was sent once."
document='{ nation(id: "nation/uz") { name } }'
hash=$(printf %s "$document" | sha256sum | cut -d' ' -f1)
extensions='{"persistedQuery": {"version": 1, "sha256Hash": "'$hash'"}}'
curl -sSG "$graphql" --data-urlencode "extensions=$extensions" --data-urlencode "query=$document" | wants Uzbekistan
curl -sSG "$graphql" --data-urlencode "extensions=$extensions" | wants Uzbekistan

echo "# Changes as they happen, as Server-Sent Events; here the first of those after an old one."
curl -sSG "$graphql" --data-urlencode 'query={ changes(since: "0001-01-01T00:00:00Z", first: 1) { pageInfo { endCursor } } }' >"$work/first"
cursor=$(sed 's/.*"endCursor":"\([^"]*\)".*/\1/' "$work/first")
# The stream goes on for as long as somebody listens, so that curl is ended after the first event.
exec 3< <(exec curl -sSN "$graphql" -H 'Content-Type: application/json' -H 'Accept: text/event-stream' -d '
{"query": "subscription ($after: Cursor) { changes(after: $after) { cursor node { at kind claim { id } } } }",
 "variables": {"after": "'"$cursor"'"}}')
stream=$!
grep -m 1 '^data: ' <&3 | wants '"kind":"RECORDED"'
kill "$stream"
exec 3<&-

echo "# What is wrong is said with its place."
curl -sS "$graphql" -H 'Content-Type: application/json' -d '{"query": "{ visit(id: \"visit/nope\") { id } }"}' |
	wants '"code":"UNKNOWN_ID"'
