import { gql, type Client, type TypedDocumentNode } from '@urql/core';

interface Events {
  events: {
    totalCount: number;
    nodes: { id: string; name: string; start: { edtf: string } | null; claims: { totalCount: number } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const EVENTS: TypedDocumentNode<Events, { first: number; after: string | null }> = gql`
  query Events($first: Int!, $after: Cursor) {
    events(first: $first, after: $after) {
      totalCount
      nodes {
        id
        name
        start {
          edtf
        }
        claims {
          totalCount
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

/** The pages of all events that a client's perspective knows of, one after the other. */
export async function* pages(client: Client, first: number): AsyncGenerator<Events['events']> {
  let after: string | null = null;
  do {
    const { data, error } = await client.query(EVENTS, { first, after }).toPromise();
    if (error) throw error;
    yield data!.events;
    after = data!.events.pageInfo.hasNextPage ? data!.events.pageInfo.endCursor : null;
  } while (after);
}

export interface Change {
  cursor: string;
  node: { at: string; kind: 'RECORDED' | 'RETRACTED'; claim: { id: string } };
}

export const CHANGES: TypedDocumentNode<{ changes: Change }, { after: string | null }> = gql`
  subscription Changes($after: Cursor) {
    changes(after: $after) {
      cursor
      node {
        at
        kind
        claim {
          id
        }
      }
    }
  }
`;
