// Writes src/gql.ts, the typed documents of src/*.graphql, and src/possibleTypes.json.
// graphql-codegen's own command takes the same plugins and options; it brings 300
// packages along, and the newest need a newer Node than this project.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { codegen } from '@graphql-codegen/core';
import * as fragmentMatcher from '@graphql-codegen/fragment-matcher';
import * as typedDocuments from '@graphql-codegen/typed-document-node';
import * as typescript from '@graphql-codegen/typescript';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildClientSchema, getIntrospectionQuery, parse, printSchema, validate } from 'graphql';

// How Chancery's scalars come in JSON. All are texts.
const scalars = {
  Cursor: 'string',
  Date: 'string', // 2025-11-06
  DateTime: 'string', // 2025-11-06T12:00:00Z
  Duration: 'string', // P3D
  EDTF: 'string', // [..2025-10-31]
};

const config = {
  scalars,
  strictScalars: true, // a scalar that is not in the map is an error, not an any
  documentMode: 'string',
  enumsAsTypes: true,
  onlyOperationTypes: true, // not a type for each class of the schema
  useTypeImports: true,
};

const response = await fetch(`${process.env.CHANCERY_URL}/graphql`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ query: getIntrospectionQuery() }),
});
const schema = buildClientSchema((await response.json()).data);

const src = new URL('src/', import.meta.url);
const documents = [];
for (const name of (await readdir(src)).filter(name => name.endsWith('.graphql'))) {
  const document = parse(await readFile(new URL(name, src), 'utf8'));
  for (const error of validate(schema, document)) throw new Error(`src/${name}: ${error}`);
  documents.push({ location: name, document });
}

async function generate(filename, pluginMap) {
  const plugins = Object.keys(pluginMap).map(name => ({ [name]: {} }));
  const text = await codegen({ filename, schema: parse(printSchema(schema)), schemaAst: schema, documents, config, plugins, pluginMap });
  await writeFile(new URL(filename, src), text);
}

await generate('gql.ts', { typescript, operations, typedDocuments });
await generate('possibleTypes.json', { fragmentMatcher });
