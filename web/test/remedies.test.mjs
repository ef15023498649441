// Every code that the README lists has a remedy, so that no error leaves a reader alone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { load } from './module.mjs';

const { remedies, remedyOf } = await load('remedies.ts');

test('every code of the README has a remedy', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const section = /^## Errors$([^]*?)^## /m.exec(readme)[1];
  const codes = [...section.matchAll(/`([A-Z]+(?:_[A-Z]+)*)`/g)].map(([, code]) => code);
  assert.ok(codes.length >= 15, `only ${codes.length} codes were found`);
  for (const code of codes) assert.ok(remedies[code], `no remedy for ${code}`);
});

test('a limit is named with what it allows', () => {
  assert.match(
    remedyOf({ message: '', extensions: { code: 'LIMIT_EXCEEDED', limit: 'depth', given: 25, allowed: 20 } }),
    /The limit “depth” allows 20; the question has 25\.$/,
  );
});

test('an unknown code still has a remedy', () => {
  assert.ok(remedyOf({ message: '', extensions: { code: 'constructor' } }).length > 0);
  assert.ok(remedyOf({ message: '' }).length > 0);
});
