// Reads one query as Arrow and as Parquet by other people's readers, and fails where
// a row is not what it is as NDJSON: node tables.mjs URL QUERY
import assert from 'node:assert/strict';
import { tableFromIPC } from 'apache-arrow';
import { parquetReadObjects } from 'hyparquet';

const [url, query] = process.argv.slice(2);

async function get(format) {
  const response = await fetch(`${url}?${new URLSearchParams({ query, format })}`);
  assert.equal(response.status, 200, format);
  return response;
}

// same compares a value with the one of NDJSON; days and moments are times of JavaScript.
function same(wanted, got, at) {
  if (wanted === null) {
    assert.ok(got === null || got === undefined, `${at}: ${got} is not null`);
  } else if (Array.isArray(wanted)) {
    const items = [...got];
    assert.equal(items.length, wanted.length, at);
    wanted.forEach((each, i) => same(each, items[i], `${at}[${i}]`));
  } else if (typeof wanted === 'object') {
    for (const key of Object.keys(wanted)) same(wanted[key], got[key], `${at}.${key}`);
  } else if (typeof wanted === 'string' && typeof got !== 'string') {
    assert.ok(got instanceof Date || typeof got === 'number' || typeof got === 'bigint', `${at}: ${typeof got}`);
    assert.ok(Math.abs(Date.parse(wanted) - Number(got)) < 1, `${at}: ${got} is not ${wanted}`);
  } else {
    assert.equal(got, wanted, at);
  }
}

const wanted = (await (await get('ndjson')).text()).split('\n').slice(0, -1).map(line => JSON.parse(line));
const arrow = tableFromIPC(new Uint8Array(await (await get('arrow')).arrayBuffer()));
const parquet = await parquetReadObjects({ file: await (await get('parquet')).arrayBuffer() });
assert.equal(arrow.numRows, wanted.length, 'rows of Arrow');
assert.equal(parquet.length, wanted.length, 'rows of Parquet');
assert.ok(arrow.schema.metadata.get('chancery.knownAt'));
wanted.forEach((row, i) => {
  const columns = Object.keys(row);
  assert.deepEqual(arrow.schema.fields.map(f => f.name), columns);
  assert.deepEqual(Object.keys(parquet[i]), columns);
  for (const name of columns) {
    same(row[name], arrow.getChild(name).get(i), `Arrow, row ${i}, ${name}`);
    same(row[name], parquet[i][name], `Parquet, row ${i}, ${name}`);
  }
});
console.log('ok');
