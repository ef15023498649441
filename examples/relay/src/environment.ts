import { Environment, Network, RecordSource, Store, type FetchFunction } from 'relay-runtime';

/** Which claims count: the arguments of @perspective. */
export interface Perspective {
  knownAt?: string;
  validAt?: string;
  sources?: string[];
  exceptSources?: string[];
  statuses?: ('CONFIRMED' | 'REPORTED' | 'ASSESSED' | 'DENIED')[];
  minConfidence?: number;
}

/**
 * Opens an environment of one perspective, which goes with each request in its
 * extensions: the compiler leaves directives on an operation out of the queries that
 * it writes for pagination and refetching. The store knows nothing of perspectives,
 * so no two share one.
 */
export function openEnvironment(perspective: Perspective, url: string): Environment {
  const ask: FetchFunction = async ({ text, name }, variables) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: text, operationName: name, variables, extensions: { perspective } }),
    });
    return response.json();
  };
  return new Environment({ network: Network.create(ask), store: new Store(new RecordSource()) });
}

/** Environments, one for each perspective: coming back to one finds its pages as they were. */
export function environments(url: string): (perspective: Perspective) => Environment {
  const open = new Map<string, Environment>();
  return perspective => {
    const key = JSON.stringify(Object.entries(perspective).sort());
    const environment = open.get(key) ?? openEnvironment(perspective, url);
    open.set(key, environment);
    return environment;
  };
}
