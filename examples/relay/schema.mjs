// Writes schema.graphql, which Relay's compiler reads, by introspection.
import { writeFile } from 'node:fs/promises';
import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';

const response = await fetch(`${process.env.CHANCERY_URL}/graphql`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ query: getIntrospectionQuery({ specifiedByUrl: true, oneOf: true }) }),
});
const { data } = await response.json();
await writeFile(new URL('schema.graphql', import.meta.url), printSchema(buildClientSchema(data)));
