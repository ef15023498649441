import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, assertDiffer, assertIsPage, reported, eventsOf, everything, record, url } from '../../pages.mjs';
import { clients, openClient } from '../build/client.js';
import { CHANGES, pages } from '../build/events.js';

// Reads all pages of each perspective, twice, and fails where one is of another.
async function walk(clientFor) {
  const [all, some] = [await eventsOf(everything), await eventsOf(reported)];
  assertDiffer(all, some);
  for (const [perspective, events] of [[everything, all], [reported, some], [everything, all], [reported, some]]) {
    const shown = [];
    for await (const page of pages(clientFor(perspective), 3)) {
      shown.push(...page.nodes.map(({ id, claims }) => [id, claims.totalCount]));
      assertIsPage(shown, page.totalCount, events);
    }
    assert.equal(shown.length, events.length);
  }
}

test('no page is stale or mixed, and none is asked for twice', async () => {
  const asked = [];
  const counting = (input, init) => {
    asked.push(init.body);
    return fetch(input, init);
  };
  await walk(clients({ url, fetch: counting }));
  const { length: n } = await eventsOf(everything);
  const { length: m } = await eventsOf(reported);
  assert.equal(asked.length, Math.ceil(n / 3) + Math.ceil(m / 3));
  assert.equal(new Set(asked).size, asked.length);
});

test('one cache for two perspectives is caught', async () => {
  const looking = {};
  const one = openClient(looking, { url });
  await assert.rejects(walk(perspective => {
    for (const key of Object.keys(looking)) delete looking[key];
    return Object.assign(looking, perspective) && one;
  }), /of another perspective/);
});

test('changes come over Server-Sent Events', async () => {
  const history = `query ($after: Cursor) {
    changes(since: "0001-01-01T00:00:00Z", after: $after, last: 4) { edges { cursor node { at kind claim { id } } } }
  }`;
  const { cursor } = (await ask(history)).changes.edges.at(-1);
  for (const n of [1, 2]) await record(`urql sample ${Date.now()} ${n}`); // each records a source and a claim
  const came = [];
  await new Promise((resolve, reject) => {
    const { unsubscribe } = openClient({}, { url }).subscription(CHANGES, { after: cursor }).subscribe(({ data, error }) => {
      if (error) return reject(error);
      const { cursor, node: { at, kind, claim } } = data.changes;
      came.push({ cursor, node: { at, kind, claim: { id: claim.id } } });
      if (came.length === 4) resolve(unsubscribe());
    });
  });
  assert.deepEqual(came, (await ask(history, { after: cursor })).changes.edges);
});
