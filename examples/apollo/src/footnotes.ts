import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';

/** A claim behind a value, as extensions.claims tells it. */
export interface Claim {
  source: string | null;
  publisher: string | null;
  url: string | null;
  locator: string | null;
  status: string;
}

interface Citations {
  citations?: { path: (string | number)[]; claims: string[] }[];
  claims?: Record<string, Claim>;
}

/**
 * The claims behind values in the cache. An answer cites its values by their paths;
 * they are kept by the object that has them, as the cache keeps the values.
 */
export class Footnotes {
  #cited = new Map<string, string[]>();
  #claims = new Map<string, Claim>();

  /** Reads the citations of each answer that comes by. */
  readonly link = new ApolloLink((operation, forward) =>
    forward(operation).pipe(tap(({ data, extensions }) => this.#take(data, (extensions ?? {}) as Citations))),
  );

  #take(data: unknown, { citations = [], claims = {} }: Citations) {
    for (const { path, claims: ids } of citations) this.#cited.set(placeOf(data, path), ids);
    for (const [id, claim] of Object.entries(claims)) this.#claims.set(id, claim);
  }

  /** The claims behind an object's field, by id: of({__typename: 'Visit', id}, 'start', 'edtf'). */
  of(object: { __typename: string; id: string }, ...field: string[]): [id: string, claim: Claim][] {
    const ids = this.#cited.get([`${object.__typename}:${object.id}`, ...field].join(' ')) ?? [];
    return ids.map(id => [id, this.#claims.get(id)!]);
  }
}

/** The nearest object with an id around a value, and the way from it to the value. */
function placeOf(data: unknown, path: (string | number)[]): string {
  let at = data as any;
  let place: (string | number)[] = ['ROOT_QUERY'];
  path.forEach((step, i) => {
    at = at?.[step];
    place.push(step);
    if (at?.__typename && at.id && i < path.length - 1) place = [`${at.__typename}:${at.id}`];
  });
  return place.join(' ');
}
