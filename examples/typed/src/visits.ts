import { ask } from './ask.js';
import { VisitsBeforeDocument } from './gql.js';
import possible from './possibleTypes.json' with { type: 'json' };

/** Whether an object is of an interface or union, and so of one of its classes. */
export function isA(object: { __typename: string }, type: keyof typeof possible.possibleTypes): boolean {
  return possible.possibleTypes[type].includes(object.__typename);
}

/** Which officials visited which country before an event: a line for each visit and each claim of it. */
export async function visitsBefore(url: string, event: string): Promise<string[]> {
  const { visits } = await ask(url, VisitsBeforeDocument, { event });
  return visits.edges.flatMap(({ node, claims }) => [
    `${node.visitors.map(v => v.name).join(', ')} → ${node.destination.name} ${node.start?.edtf ?? 'no date'}`,
    ...claims.map(({ status, source, locator }) => `    ${status} ${source.name} ${locator ?? ''}`),
  ]);
}

if (import.meta.url.endsWith(process.argv[1])) {
  for (const line of await visitsBefore(process.env.CHANCERY_URL!, 'event/c5-plus-1-summit-2025')) console.log(line);
}
