// tsc fails where one of these is no error: what is generated would be an any.
import type { VisitsBeforeQuery, VisitsBeforeQueryVariables } from './gql.js';

export function checked({ visits }: VisitsBeforeQuery, ask: (variables: VisitsBeforeQueryVariables) => void) {
  const [{ node, claims }] = visits.edges;
  // @ts-expect-error: a visit's start may be unknown
  const text: string = node.start.edtf;
  // @ts-expect-error: a rough date is a text
  const year: number = node.start!.edtf;
  // @ts-expect-error: there is no such status
  const rumoured = claims[0].status === 'RUMOURED';
  // @ts-expect-error: nobody asked for it
  const end = node.end;
  // @ts-expect-error: the event's id is missing
  ask({});
  return { text, year, rumoured, end };
}
