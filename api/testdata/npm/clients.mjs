// Asks a server by other people's clients, over WebSocket and SSE, and fails where
// an answer is not what it must be: node clients.mjs URL
import assert from 'node:assert/strict';
import { createClient as overSocket } from 'graphql-ws';
import { createClient as overEvents } from 'graphql-sse';
import WebSocket from 'ws';

const url = process.argv[2];

async function post(query, variables) {
  const response = await fetch(url, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

const history = `query ($after: Cursor) {
  changes(since: "2000-01-01T00:00:00Z", after: $after, first: 1000) { edges { cursor node { at kind claim { id } } } }
}`;
const subscription = `subscription ($after: Cursor) { changes(after: $after) { cursor node { at kind claim { id } } } }`;

async function record(name) {
  await post(`mutation ($name: String!, $date: EDTF!) { record(input: {
    source: {name: $name}
    claims: [{status: REPORTED, locator: "p1", facts: [{subject: "event/c5-plus-1-summit-2025", field: "start", value: "2025-11-07"}]}]
  }) { knownAt } }`.replace(', $date: EDTF!', ''), { name });
}

// take subscribes and takes so many events, doing what is told after each.
async function take(client, after, count, then = async () => {}) {
  const events = [];
  for await (const result of client.iterate({ query: subscription, variables: { after } })) {
    assert.equal(result.errors, undefined, JSON.stringify(result.errors));
    assert.ok(result.extensions.perspective.knownAt);
    events.push(result.data.changes);
    await then(events.length);
    if (events.length === count) break;
  }
  return events;
}

async function collect(client, payload) {
  const results = [];
  for await (const result of client.iterate(payload)) results.push(result);
  return results;
}

for (const [name, make] of [
  ['ws', () => overSocket({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0, lazy: true })],
  ['sse', () => overEvents({ url, retryAttempts: 0 })],
]) {
  const client = make();
  const [answer, ...more] = await collect(client, { query: 'query ($id: ID!) { nation(id: $id) { isoAlpha2 } }', variables: { id: 'nation/kz' } });
  assert.deepEqual(answer.data, { nation: { isoAlpha2: 'KZ' } });
  assert.equal(more.length, 0);

  const wrong = await collect(client, { query: '{ nope }' }).then(results => results[0].errors, errors => errors);
  assert.match(wrong[0].message, /nope/);
  const badCursor = await collect(client, { query: subscription, variables: { after: 'x' } }).then(results => results[0].errors, errors => errors);
  assert.equal(badCursor[0].extensions.code, 'CURSOR_INVALID');

  const before = (await post(history)).changes.edges.at(-1).cursor;
  await record(`${name} 1`);
  // While events come, more is recorded; then the client goes away, more is recorded, and it comes back.
  const first = await take(client, before, 3, async n => { if (n <= 2) await record(`${name} during ${n}`); });
  await record(`${name} 2`);
  const wanted = (await post(history, { after: before })).changes.edges;
  const second = await take(client, first.at(-1).cursor, wanted.length - first.length);
  assert.deepEqual([...first, ...second], wanted);
  await client.dispose();

  // The whole history, by a client that comes with its first cursor.
  const all = (await post(history)).changes.edges;
  const again = make();
  assert.deepEqual(await take(again, all[0].cursor, all.length - 1), all.slice(1));
  await again.dispose();
}
console.log('ok');
