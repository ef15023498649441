import assert from 'node:assert/strict';
import test from 'node:test';
import { gql } from '@apollo/client';
import { WebSocket } from 'ws';
import { ask, everything, record, url } from '../../pages.mjs';
import { openSession } from '../build/session.js';
import { changesAfter, newest } from '../build/changes.js';

test('a document is sent once, then named by its hash', async () => {
  const sent = [];
  const counting = (input, init) => {
    sent.push(JSON.parse(init.body));
    return fetch(input, init);
  };
  // A document that no other run has sent.
  const query = gql`query Persisted { nation(id: "nation/kz") { id name run${Date.now()}: isoAlpha3 } }`;
  for (let i = 0; i < 2; i++) {
    const { client } = openSession(everything, { url, webSocket: WebSocket, fetch: counting });
    const { data } = await client.query({ query });
    assert.equal(data.nation.name, 'Kazakhstan');
    await client.query({ query }); // from the cache
  }
  assert.deepEqual(sent.map(({ query }) => query !== undefined), [false, true, false]);
  for (const { extensions } of sent) {
    assert.match(extensions.persistedQuery.sha256Hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(extensions.perspective, everything);
  }
});

test('an interface is matched in the cache', async () => {
  const { client } = openSession(everything, { url, webSocket: WebSocket });
  const query = gql`{ node(id: "event/c5-plus-1-summit-2025") { id ... on Event { start { edtf } } } }`;
  await client.query({ query });
  const { node } = client.readQuery({ query });
  assert.equal(node.start.edtf, '2025-11-06');
});

test('changes come once each, through an interruption', async () => {
  const sockets = [];
  class Socket extends WebSocket {
    constructor(...args) {
      super(...args);
      sockets.push(this);
    }
  }
  const { client } = openSession({}, { url, webSocket: Socket });
  const start = await newest(client);
  const names = [1, 2, 3, 4, 5].map(n => `Apollo sample ${Date.now()} ${n}`);
  const wanted = 5;
  const came = [];
  await new Promise((resolve, reject) => {
    const subscription = changesAfter(client, start).subscribe({
      next: async change => {
        came.push(change);
        if (came.length === 2) { // the connection breaks, and more is recorded meanwhile
          sockets.at(-1).terminate();
          for (const name of names.slice(2)) await record(name);
        }
        if (came.length === wanted) {
          subscription.unsubscribe();
          resolve();
        }
      },
      error: reject,
    });
    record(names[0]).then(() => record(names[1])).catch(reject);
  });
  const { changes } = await ask(
    'query ($after: Cursor) { changes(since: "0001-01-01T00:00:00Z", after: $after, first: 5) { edges { cursor node { at kind claim { id } } } } }',
    { after: start },
  );
  const plain = came.map(({ cursor, node: { at, kind, claim } }) => ({ cursor, node: { at, kind, claim: { id: claim.id } } }));
  assert.deepEqual(plain, changes.edges);
  assert.ok(sockets.length > 1, 'the connection was never broken');
});
