import type { TypedDocumentString } from './gql.js';

/** Asks a server a typed document. Errors of the answer are thrown, with their codes. */
export async function ask<Data, Variables>(
  url: string,
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: document.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as {
    data?: Data;
    errors?: { message: string; extensions: { code: string } }[];
  };
  if (errors) throw new Error(errors.map(e => `${e.extensions.code}: ${e.message}`).join('\n'));
  return data!;
}
