import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './module.mjs';

const { inWords, perspectiveOf, usualSettings } = await load('perspective.ts');

test('a bar that nobody touched asks with no perspective', () => {
  assert.equal(perspectiveOf(usualSettings), undefined);
  assert.equal(perspectiveOf({ ...usualSettings, knownAt: '  ', cited: false }), undefined);
});

test('what is set is asked with', () => {
  assert.deepEqual(
    perspectiveOf({
      ...usualSettings,
      knownAt: ' 2025-11-06T12:00:00Z ',
      validAt: '2025-11-06',
      statuses: ['CONFIRMED'],
      sources: [{ id: 'source/a', name: 'A' }],
    }),
    { knownAt: '2025-11-06T12:00:00Z', validAt: '2025-11-06', statuses: ['CONFIRMED'], sources: ['source/a'] },
  );
});

test('no status at all is a perspective, in which nothing counts', () => {
  assert.deepEqual(perspectiveOf({ ...usualSettings, statuses: [] }), { statuses: [] });
});

test('a perspective in words', () => {
  assert.equal(
    inWords({ knownAt: '2025-11-06T12:00:00Z', validAt: '2025-11-01', statuses: ['CONFIRMED', 'DENIED'], sources: ['a'] }),
    'As known at 2025-11-06T12:00:00Z · valid on 2025-11-01 · confirmed, denied · one source',
  );
  assert.equal(inWords({ statuses: [] }), 'As known at an unstated moment · of no status');
});
