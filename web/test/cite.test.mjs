import assert from 'node:assert/strict';
import test from 'node:test';
import { load } from './module.mjs';

const { operationOf, withCitations } = await load('cite.ts');

const cite = (document, name) => withCitations(document, operationOf(document, name)).document;

test('a query is cited once, whatever it looks like', () => {
  assert.equal(cite('{ a }'), 'query @cite { a }');
  assert.equal(cite('query A($x: Int) { a }'), 'query A($x: Int) @cite { a }');
  assert.equal(cite('query A @perspective(validAt: "x{y}")\n{ a }'), 'query A @perspective(validAt: "x{y}")\n@cite { a }');
  assert.equal(cite('query A @cite { a }'), 'query A @cite { a }');
  assert.equal(cite('# {\n{ a }'), '# {\nquery @cite { a }');
  assert.equal(cite('fragment F on A { a } query A { ...F }'), 'fragment F on A { a } query A @cite { ...F }');
});

test('of several operations, the one that runs', () => {
  const two = 'query A { a } query B { b }';
  assert.equal(cite(two, 'B'), 'query A { a } query B @cite { b }');
  assert.equal(cite(two), two);
  assert.equal(cite(two, 'C'), two);
});

test('what is no query stays as it is', () => {
  for (const document of ['mutation { a }', 'subscription { a }', '{ a', '', 'fragment F on A { a }']) {
    assert.equal(cite(document), document);
  }
});

test('places are those of the document as it was written', () => {
  const document = 'query A { nme }\nquery';
  const { placed } = withCitations(document, operationOf('query A { nme }'));
  assert.deepEqual(placed({ line: 1, column: 17 }), { line: 1, column: 11 });
  assert.deepEqual(placed({ line: 1, column: 7 }), { line: 1, column: 7 });
  assert.deepEqual(placed({ line: 2, column: 17 }), { line: 2, column: 17 });
});

test('of one operation, its own name is meant, whatever the editor says', () => {
  assert.equal(operationOf('query B { a }', 'A').name.value, 'B');
  assert.equal(operationOf('query B { a } query C { a }', 'C').name.value, 'C');
  assert.equal(operationOf('query B { a } query C { a }', 'A'), undefined);
});
