// A key goes with every question, unless the reader writes another Authorization.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './module.mjs';

const { key, keepKey, headersWith } = await load('key.ts');

test('a key goes with questions once it is kept, and until it is taken out', () => {
  const page = { accept: 'application/json' };
  assert.deepEqual([...headersWith(page)], [['accept', 'application/json']]);
  keepKey(' chancery_AAAAAAAAAA_B ');
  assert.equal(key(), 'chancery_AAAAAAAAAA_B');
  assert.equal(headersWith(page).get('authorization'), 'Bearer chancery_AAAAAAAAAA_B');
  assert.equal(headersWith(page, { Authorization: 'Bearer other' }).get('authorization'), 'Bearer other');
  keepKey('');
  assert.equal(headersWith(page).get('authorization'), null);
});
