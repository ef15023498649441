import type { Fetcher } from '@graphiql/toolkit';
import { ask, failed, type Response } from './ask';
import { hasDirective, operationOf, withCitations } from './cite';
import { perspectiveOf, type Settings } from './perspective';

/** Asks GraphiQL's questions as the bar of the page is set at that moment. */
export function fetcherOf(settings: () => Settings): Fetcher {
  return async (question, { headers } = {}) => {
    if (question.operationName === 'IntrospectionQuery') return result(await ask(question, { headers }));
    const operation = operationOf(question.query, question.operationName);
    if (operation?.operation === 'subscription') {
      return result(failed('SUBSCRIPTION', 'a subscription has no end, and this page shows whole answers'));
    }
    const { document, placed } = settings().cited
      ? withCitations(question.query, operation)
      : withCitations(question.query, undefined);
    const perspective = operation?.operation === 'mutation' ? undefined : perspectiveOf(settings());
    const answer = await ask(
      {
        ...question,
        query: document,
        operationName: operation ? operation.name?.value : question.operationName,
        // The document's own perspective wins; the server would not look at this one.
        ...(perspective && !hasDirective(operation, 'perspective') && { extensions: { perspective } }),
      },
      { headers },
    );
    for (const error of answer.errors ?? []) {
      if (error.locations) error.locations = error.locations.map(placed);
    }
    return result(answer);
  };
}

// The toolkit's type is that of graphql-js, whose errors are instances of a class.
function result(answer: Response) {
  return answer as Awaited<ReturnType<Fetcher>>;
}
