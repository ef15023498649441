import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { relayStylePagination } from '@apollo/client/utilities';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { Footnotes } from './footnotes.js';
import possibleTypes from './possibleTypes.json' with { type: 'json' };

/** Which claims count: the arguments of @perspective. */
export interface Perspective {
  knownAt?: string;
  validAt?: string;
  sources?: string[];
  exceptSources?: string[];
  statuses?: ('CONFIRMED' | 'REPORTED' | 'ASSESSED' | 'DENIED')[];
  minConfidence?: number;
}

/** A client of one perspective, its cache, and the footnotes of what is in the cache. */
export interface Session {
  client: ApolloClient;
  footnotes: Footnotes;
}

export interface Options {
  url: string; // of the server
  fetch?: typeof globalThis.fetch;
  webSocket?: unknown; // where there is no global WebSocket: that of npm ws
}

/**
 * Opens a session. The perspective goes with each request, in its extensions: the
 * cache takes no notice of directives on an operation, and would give what it read in one
 * perspective as the answer in another.
 */
export function openSession(perspective: Perspective, { url, fetch, webSocket }: Options): Session {
  const footnotes = new Footnotes();
  const look = new ApolloLink((operation, forward) => {
    operation.extensions = { ...operation.extensions, perspective, cite: true };
    return forward(operation);
  });
  const overHttp = ApolloLink.from([
    new PersistedQueryLink({ sha256: text => createHash('sha256').update(text).digest('hex') }),
    new HttpLink({ uri: `${url}/graphql`, fetch, includeExtensions: true }),
  ]);
  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: webSocket,
    retryAttempts: 0, // it would ask again from the first cursor; changes.ts asks from the last
  });
  const client = new ApolloClient({
    link: ApolloLink.from([
      look,
      footnotes.link,
      ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, new GraphQLWsLink(socket), overHttp),
    ]),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: { Query: { fields: { events: relayStylePagination(['where', 'orderBy']) } } },
    }),
  });
  return { client, footnotes };
}

/** Sessions, one for each perspective: coming back to one finds its pages as they were. */
export function sessions(options: Options): (perspective: Perspective) => Session {
  const open = new Map<string, Session>();
  return perspective => {
    const key = JSON.stringify(Object.entries(perspective).sort());
    const session = open.get(key) ?? openSession(perspective, options);
    open.set(key, session);
    return session;
  };
}
