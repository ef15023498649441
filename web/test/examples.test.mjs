// Every example is one named query that starts with its question in plain words.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { Kind, parse } from 'graphql';

const folder = new URL('../src/examples/', import.meta.url);

for (const name of readdirSync(folder)) {
  test(name, () => {
    const document = readFileSync(new URL(name, folder), 'utf8');
    assert.match(document, /^# .+\?\n/);
    const operations = parse(document).definitions.filter(
      definition => definition.kind === Kind.OPERATION_DEFINITION,
    );
    assert.equal(operations.length, 1);
    assert.equal(operations[0].operation, 'query');
    assert.ok(operations[0].name, 'the query has no name for its tab');
  });
}
