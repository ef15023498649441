import { gql, type ApolloClient, type TypedDocumentNode } from '@apollo/client';
import { defer, map, retry, type Observable } from 'rxjs';

export interface Change {
  cursor: string;
  node: { at: string; kind: 'RECORDED' | 'RETRACTED'; claim: { id: string } };
}

const NEWEST: TypedDocumentNode<{ changes: { pageInfo: { endCursor: string } } }> = gql`
  query Newest {
    changes(since: "0001-01-01T00:00:00Z", last: 1) {
      pageInfo {
        endCursor
      }
    }
  }
`;

const CHANGES: TypedDocumentNode<{ changes: Change }, { after: string }> = gql`
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

/** The cursor of the newest change. */
export async function newest(client: ApolloClient): Promise<string> {
  const { data } = await client.query({ query: NEWEST, fetchPolicy: 'no-cache' });
  return data!.changes.pageInfo.endCursor;
}

/**
 * The changes after a cursor, none lost and none twice: after an interruption it
 * goes on from the last one that came.
 */
export function changesAfter(client: ApolloClient, cursor: string): Observable<Change> {
  return defer(() => client.subscribe({ query: CHANGES, variables: { after: cursor }, fetchPolicy: 'no-cache' })).pipe(
    map(({ data, error }) => {
      if (error) throw error;
      cursor = data!.changes.cursor;
      return data!.changes;
    }),
    retry({ count: 10, delay: 200, resetOnSuccess: true }),
  );
}
