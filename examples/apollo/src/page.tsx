import { useState } from 'react';
import { gql, type TypedDocumentNode } from '@apollo/client';
import { ApolloProvider, useQuery } from '@apollo/client/react';
import type { Footnotes } from './footnotes.js';
import type { Perspective, Session } from './session.js';

interface Event {
  __typename: string;
  id: string;
  name: string;
  start: { edtf: string } | null;
  claims: { totalCount: number };
}

interface Events {
  events: {
    totalCount: number;
    edges: { node: Event }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

export const EVENTS: TypedDocumentNode<Events, { first: number; after?: string }> = gql`
  query Events($first: Int!, $after: Cursor) {
    events(first: $first, after: $after) {
      totalCount
      edges {
        node {
          ...EventLine
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }

  fragment EventLine on Event {
    id
    name
    start {
      edtf
    }
    claims {
      totalCount
    }
  }
`;

/** Events of a perspective that can be switched. A session for each: nothing of one is shown in another. */
export function Page(props: { perspectives: Record<string, Perspective>; sessionFor: (perspective: Perspective) => Session }) {
  const [name, choose] = useState(Object.keys(props.perspectives)[0]);
  const { client, footnotes } = props.sessionFor(props.perspectives[name]);
  return (
    <main data-perspective={name}>
      {Object.keys(props.perspectives).map(other => (
        <button key={other} onClick={() => choose(other)}>
          {other}
        </button>
      ))}
      <ApolloProvider client={client}>
        <EventList footnotes={footnotes} />
      </ApolloProvider>
    </main>
  );
}

function EventList({ footnotes }: { footnotes: Footnotes }) {
  const { data, error, fetchMore } = useQuery(EVENTS, { variables: { first: 3 } });
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <p>Asking …</p>;
  const { edges, pageInfo, totalCount } = data.events;
  const numbers = new Map<string, number>(); // of footnotes, in the order in which they are first used
  const notes: React.ReactNode[] = [];
  const cite = (event: Event, ...field: string[]) =>
    footnotes.of(event, ...field).map(([id, claim]) => {
      if (!numbers.has(id)) {
        numbers.set(id, numbers.size + 1);
        notes.push(<li key={id}>{[claim.status, claim.source, claim.locator].filter(Boolean).join(', ')}</li>);
      }
      return <sup key={id}>{numbers.get(id)}</sup>;
    });
  return (
    <section data-total={totalCount}>
      <ul>
        {edges.map(({ node }) => (
          <li key={node.id} data-event={node.id} data-claims={node.claims.totalCount}>
            {node.name}
            {cite(node, 'name')}, {node.start?.edtf ?? 'no date'}
            {cite(node, 'start', 'edtf')}
          </li>
        ))}
      </ul>
      {pageInfo.hasNextPage && <button onClick={() => fetchMore({ variables: { after: pageInfo.endCursor } })}>More</button>}
      <ol className="footnotes">{notes}</ol>
    </section>
  );
}
