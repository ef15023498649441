import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './module.mjs';

const { readAnswer } = await load('answer.ts');

/** A value as text: notes in brackets, lists in (), parts in {}. */
function told({ kind, notes, ...value }) {
  const said = {
    nothing: () => '-',
    text: () => value.text,
    list: () => `(${value.items.map(told).join('; ')}${value.more ? `; +${value.more}` : ''})`,
    parts: () => `{${value.parts.map(([name, part]) => `${name}: ${told(part)}`).join(', ')}}`,
  }[kind]();
  return said + notes.map(n => `[${n}]`).join('');
}
const rows = table => table.rows.map(row => row.map(told));
const tables = (data, citations = []) => readAnswer({ data, extensions: { citations } });

test('a connection is a table, its relations have the numbers of those who say so', () => {
  const visit = (name, to) => ({ start: { edtf: '2025-10' }, visitors: [{ id: 'p', name }], destination: { name: to } });
  const { tables: read, claims } = readAnswer({
    data: { visits: { totalCount: 7, pageInfo: { hasNextPage: true }, nodes: [visit('A', 'X'), visit('B', 'Y')] } },
    extensions: {
      citations: [
        { path: ['visits', 'nodes', 0, 'start', 'edtf'], claims: ['claim/2'] },
        { path: ['visits', 'nodes', 0, 'visitors', 0], claims: ['claim/1', 'claim/2'] },
        { path: ['visits', 'nodes', 0, 'visitors', 0, 'name'], claims: ['claim/names'] },
        { path: ['visits', 'nodes', 1, 'destination'], claims: ['claim/3'] },
      ],
    },
  });
  assert.equal(read.length, 1);
  assert.deepEqual([read[0].title, read[0].total, read[0].more], ['visits', 7, 0]);
  assert.deepEqual(read[0].columns, ['start', 'visitors', 'destination']);
  assert.deepEqual(rows(read[0]), [
    ['2025-10[1]', '(A[2][1])', 'X'],
    ['2025-10', '(B)', 'Y[3]'],
  ]);
  // Numbered as one reads; who merely gives a name is not asked for.
  assert.deepEqual(claims, ['claim/2', 'claim/1', 'claim/3']);
});

test('the name of something that no relation led to is cited', () => {
  const { tables: read } = tables({ nation: { __typename: 'Nation', id: 'nation/kz', name: 'Kazakhstan' } }, [
    { path: ['nation', 'name'], claims: ['claim/1'] },
  ]);
  assert.deepEqual(read[0].columns, ['name']);
  assert.deepEqual(rows(read[0]), [['Kazakhstan[1]']]);
});

test('an edge shows its node, and what is beside it', () => {
  const { tables: read } = tables(
    { invitations: { edges: [{ cursor: 'x', node: { invitees: [] }, claims: [{ status: 'REPORTED', locator: null }] }] } },
    [{ path: ['invitations', 'edges', 0, 'node', 'invitees'], claims: ['claim/1'] }],
  );
  assert.deepEqual(read[0].columns, ['invitees', 'claims']);
  assert.deepEqual(rows(read[0]), [['-[1]', '({status: REPORTED, locator: -})']]);
});

test('connections within a row, aliases, scalars, nothing', () => {
  const { tables: read } = tables({
    all: { nodes: [{ name: 'S', visits: { totalCount: 2, nodes: [{ day: '1' }, { day: '2' }] } }] },
    apiVersion: '1',
    none: null,
    list: [true, 0, ''],
    empty: { nodes: [] },
  });
  assert.deepEqual(read.map(rows), [
    [['S', '{totalCount: 2, nodes: (1; 2)}']],
    [['1']],
    [['-']],
    [['true'], ['0'], ['']],
    [],
  ]);
});

test('groups stand beside nodes, or alone', () => {
  const groups = [{ keys: [{ entity: { id: 'nation/kz' } }], count: 2 }];
  const { tables: beside } = tables({ visits: { nodes: [{ day: '1' }], groups } });
  assert.deepEqual(beside.map(t => t.title), ['visits', 'visits: groups']);
  assert.deepEqual(rows(beside[1]), [['(nation/kz)', '2']]);
  const { tables: alone } = tables({ visits: { totalCount: 2, groups } });
  assert.deepEqual(alone.map(t => t.title), ['visits']);
  assert.deepEqual(rows(alone[0]), [['(nation/kz)', '2']]);
});

test('a long answer is cut, and says by how much', () => {
  const { tables: read } = tables({
    rows: { nodes: Array.from({ length: 230 }, (_, i) => ({ i, list: Array.from({ length: 35 }, (_, k) => k) })) },
  });
  assert.equal(read[0].rows.length, 200);
  assert.equal(read[0].more, 30);
  assert.equal(read[0].rows[0][1].more, 5);
});

test('no data is no table', () => {
  assert.deepEqual(readAnswer({ errors: [{ message: 'no' }] }), { tables: [], claims: [] });
  assert.deepEqual(readAnswer({ data: null }), { tables: [], claims: [] });
});
