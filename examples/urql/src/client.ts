import { cacheExchange, Client, fetchExchange, makeOperation, mapExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-sse';

/** Which claims count: the arguments of @perspective. */
export interface Perspective {
  knownAt?: string;
  validAt?: string;
  sources?: string[];
  exceptSources?: string[];
  statuses?: ('CONFIRMED' | 'REPORTED' | 'ASSESSED' | 'DENIED')[];
  minConfidence?: number;
}

export interface Options {
  url: string; // of the server
  fetch?: typeof globalThis.fetch;
}

/**
 * Opens a client of one perspective, which goes with each request in its extensions.
 * Its cache knows an answer by document and variables alone, so no two perspectives
 * may share one. Subscriptions come as Server-Sent Events.
 */
export function openClient(perspective: Perspective, { url, fetch }: Options): Client {
  const events = createClient({ url: `${url}/graphql`, fetchFn: fetch, retryAttempts: 0 });
  return new Client({
    url: `${url}/graphql`,
    fetch,
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      mapExchange({
        onOperation: operation =>
          makeOperation(operation.kind, { ...operation, extensions: { ...operation.extensions, perspective } }),
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables, extensions }) => ({
          subscribe: sink => ({ unsubscribe: events.subscribe({ query: query!, variables, extensions }, sink) }),
        }),
      }),
    ],
  });
}

/** Clients, one for each perspective. */
export function clients(options: Options): (perspective: Perspective) => Client {
  const open = new Map<string, Client>();
  return perspective => {
    const key = JSON.stringify(Object.entries(perspective).sort());
    const client = open.get(key) ?? openClient(perspective, options);
    open.set(key, client);
    return client;
  };
}
