import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import test from 'node:test';
import { promisify } from 'node:util';
import { buildClientSchema, getIntrospectionQuery, isScalarType, isSpecifiedScalarType, validateSchema } from 'graphql';
import { ask, url } from '../../pages.mjs';
import { isA, visitsBefore } from '../build/visits.js';

const schema = buildClientSchema(await ask(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, oneOf: true, directiveIsRepeatable: true })));

test('which officials visited which country before the summit?', async () => {
  const answer = [
    'Sergio Gor, Christopher Landau → Kazakhstan [..2025-10-31]',
    '    REPORTED Report on the C5+1 summit in Washington paragraph 5',
    'Sergio Gor, Christopher Landau → Uzbekistan [..2025-10-31]',
    '    REPORTED Report on the C5+1 summit in Washington paragraph 5',
  ];
  assert.deepEqual(await visitsBefore(url, 'event/c5-plus-1-summit-2025'), answer);
  const { stdout } = await promisify(execFile)(process.execPath, ['build/visits.js'], { env: process.env });
  assert.equal(stdout, answer.map(line => `${line}\n`).join(''));
});

test('an error has its code', () => assert.rejects(visitsBefore(url, 'event/nope'), /^Error: UNKNOWN_ID: /));

test('interfaces and unions stand for the classes of the schema', async () => {
  const { possibleTypes } = JSON.parse(await readFile('src/possibleTypes.json', 'utf8'));
  for (const [name, types] of Object.entries(possibleTypes)) {
    assert.deepEqual(new Set(types), new Set(schema.getPossibleTypes(schema.getType(name)).map(t => t.name)), name);
  }
  assert.ok(isA({ __typename: 'Person' }, 'Agent'));
  assert.ok(!isA({ __typename: 'Visit' }, 'Agent'));
});

test('the schema is valid, and says where each scalar is specified', () => {
  assert.deepEqual(validateSchema(schema), []);
  const own = Object.values(schema.getTypeMap()).filter(type => isScalarType(type) && !isSpecifiedScalarType(type));
  assert.ok(own.length > 0);
  for (const scalar of own) assert.match(scalar.specifiedByURL ?? '', /^https:/, scalar.name);
});
