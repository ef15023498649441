// Writes src/possibleTypes.json: which classes an interface or union stands for.
// Apollo's cache needs it to match `... on Event` with a Summit.
import { writeFile } from 'node:fs/promises';

const response = await fetch(`${process.env.CHANCERY_URL}/graphql`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ query: '{ __schema { types { name possibleTypes { name } } } }' }),
});
const { data } = await response.json();
const possible = data.__schema.types.filter(type => type.possibleTypes);
const possibleTypes = Object.fromEntries(possible.map(type => [type.name, type.possibleTypes.map(({ name }) => name)]));
await writeFile(new URL('src/possibleTypes.json', import.meta.url), JSON.stringify(possibleTypes, null, 2));
