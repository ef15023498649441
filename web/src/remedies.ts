import type { AnswerError } from './ask';

/** What to do about an error, by its code. */
export const remedies: Record<string, string> = {
  GRAPHQL_PARSE_FAILED:
    'Look at the place named: a bracket, a quote or a name is missing there or just before. The toolbar’s Prettify finds the rest.',
  GRAPHQL_VALIDATION_FAILED:
    'The schema has no such field, argument or type. Ctrl-Space lists what fits at that place; the book icon opens the schema.',
  BAD_USER_INPUT: 'Change the argument that is named, as the message says. The schema describes each argument.',
  BAD_TIME: 'Write a day as 2025-11-06, a moment as 2025-11-06T12:00:00Z. Rough dates are EDTF: 2025-10, or [..2025-10-31].',
  UNKNOWN_ID:
    'The graph never saw this id. Look it up: { search(text: "…") { node { id } } } by name, { resolve(scheme: "…", value: "…") { id } } by code.',
  CURSOR_INVALID: 'Begin again without “after” or “before”: a cursor is good for the same field, condition and order only.',
  CURSOR_PERSPECTIVE: 'Set the bar to the perspective of the first page, or begin again without “after” or “before”.',
  LIST_TOO_LONG: 'Ask for the same as a connection with “first”, or narrow it by a condition.',
  LIMIT_EXCEEDED: 'Ask for less at a time: fewer fields, fewer levels, smaller pages.',
  COST_EXCEEDED: 'Narrow the search for paths: fewer steps, named fields, or what may lie between.',
  CONFLICT: 'Nothing was written. Read the thing again, and state the edit for what the graph holds now.',
  PERSISTED_QUERY_NOT_FOUND: 'Send the document along with its name once; from then on the name is enough.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'Name the document by its SHA-256, or send it in full.',
  FORBIDDEN:
    'Do as the message says: show a key of a higher role, or ask whoever runs the server to allow this, or to add the document to its manifest.',
  RATE_LIMITED: 'Wait as long as the message says, and ask again. Where a key has more room than an address, send one: Headers, below the question.',
  OVERLOADED: 'The server has all that it can take. Wait some seconds and ask again.',
  TIMEOUT: 'Ask for less at a time, or narrow the conditions. If it was fast before, ask again in a while.',
  NOT_YET: 'Leave this part out: the schema has it, but this version of the server does not answer it.',
  INTERNAL: 'The fault is the server’s. Its log has the rest: tell whoever runs it the time and the question.',
  UNAUTHENTICATED:
    'Open Headers below the question, and write the key that you were given: {"Authorization": "Bearer chancery_…"}. It goes with every question of this tab.',
  UNREACHABLE: 'See that the server still runs and that this page’s address is its own, then ask again.',
  NO_GRAPHQL: 'Something between this page and the server answered instead: a gateway, or a page for signing in. Reload this page.',
  SUBSCRIPTION: 'Ask with curl: curl -N -H "Accept: text/event-stream", or with a client for WebSockets.',
};

/** The remedy for an error; of one without a known code, what always helps. */
export function remedyOf({ extensions: { code = '', limit, given, allowed } = {} }: AnswerError): string {
  const remedy = remedies[code] ?? 'Read the message, change the question, and ask again.';
  return limit !== undefined && allowed !== undefined
    ? `${remedy} The limit “${limit}” allows ${allowed}${given === undefined ? '' : `; the question has ${given}`}.`
    : remedy;
}
