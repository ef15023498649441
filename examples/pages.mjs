// What the samples' tests share: the answer that a page must show, asked for
// without any client, and a check that a page shows it.
import assert from 'node:assert/strict';

export const url = process.env.CHANCERY_URL;
if (!url) {
  console.error('Set CHANCERY_URL to the address of a Chancery server: CHANCERY_URL=http://127.0.0.1:8080 npm test');
  process.exit(2);
}

/** Asks the server, and returns the data. */
export async function ask(query, variables, perspective) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables, extensions: { perspective } }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

// Until something is recorded, the graph at this moment is the graph.
const now = await ask('{ changes(since: "2000-01-01T00:00:00Z", last: 1) { nodes { at } } }');
const knownAt = now.changes.nodes[0].at;

/** Two perspectives in which the same events have other claims, and some are not there. */
export const everything = { knownAt };
export const reported = { knownAt, statuses: ['REPORTED'] };

/** All events of a perspective, in order, as a page tells them: [id, number of claims]. */
export async function eventsOf(perspective) {
  const { events } = await ask('{ events(first: 1000) { totalCount nodes { id claims { totalCount } } } }', {}, perspective);
  assert.equal(events.nodes.length, events.totalCount, 'too many events for this check');
  return events.nodes.map(({ id, claims }) => [id, claims.totalCount]);
}

/** Fails unless a page shows the first events of its perspective, and of no other. */
export function assertIsPage(shown, total, events) {
  assert.deepEqual(shown, events.slice(0, shown.length), 'the page is of another perspective, or of two');
  assert.equal(total, events.length, 'the number of events is of another perspective');
}

/** Fails unless perspectives differ so much that a mixed page would be seen. */
export function assertDiffer(a, b) {
  assert.ok(a.length > b.length && b.length > 3, 'the graph has too few events for this check');
  assert.notDeepEqual(a.slice(0, 3), b.slice(0, 3));
}

/** Records one claim of a source, on a new visit, and returns its id. */
export async function record(name) {
  const { record: { claims } } = await ask(`mutation ($name: String!, $visit: ID!) {
    record(input: {
      source: {name: $name}
      claims: [{status: REPORTED, locator: "page 1", facts: [
        {subject: $visit, field: "class", value: "VISIT"}
        {subject: $visit, field: "destination", object: "nation/kz"}
        {subject: $visit, field: "visitors", object: "person/sergio-gor"}
      ]}]
    }) { claims { id } }
  }`, { name, visit: `event/${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}` });
  return claims[0].id;
}
