// Asks a server what the GraphQL over HTTP specification asks of one, and prints
// a JSON list of {id, name, status, reason}: node audit.mjs URL
import { serverAudits } from 'graphql-http';

const results = [];
for (const audit of serverAudits({ url: process.argv[2], fetchFn: fetch })) {
  const { id, name, status, reason } = await audit.fn().then(r => ({ id: audit.id, name: audit.name, ...r }));
  results.push({ id, name, status, reason });
}
console.log(JSON.stringify(results));
