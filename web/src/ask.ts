import { headersWith } from './key';
import type { Perspective } from './perspective';

/** An error as the server gives it; code says what kind it is. */
export interface AnswerError {
  message: string;
  path?: (string | number)[];
  locations?: { line: number; column: number }[];
  extensions?: {
    code?: string;
    argument?: string;
    limit?: string;
    given?: number;
    allowed?: number;
  };
}

export interface Response {
  data?: Record<string, unknown> | null;
  errors?: AnswerError[];
  extensions?: {
    perspective?: Perspective;
    citations?: { path: (string | number)[]; claims: string[] }[];
    claims?: Record<string, CitedClaim>;
  };
}

/** What the server says of a cited claim: ids, an address, and texts. */
export interface CitedClaim {
  source: string | null;
  publisher: string | null;
  url: string | null;
  locator: string | null;
  status: string;
}

export interface Question {
  query: string;
  variables?: unknown;
  operationName?: string | null;
  extensions?: { perspective?: Perspective };
}

/**
 * Puts a question to /graphql of the same origin. It always resolves, unless
 * signal ends it: what no server answered, or not with GraphQL, is an answer with
 * an error of the code UNREACHABLE or NO_GRAPHQL.
 */
export async function ask(
  question: Question,
  { headers, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  let response: globalThis.Response;
  let text: string;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: headersWith(
        { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json;q=0.9' },
        headers,
      ),
      body: JSON.stringify(question),
      signal: signal ?? null,
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    return failed('UNREACHABLE', 'no answer from the server');
  }
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer)) return answer as Response;
  } catch {
    // Not JSON: said below.
  }
  return failed('NO_GRAPHQL', `status ${response.status}, and no GraphQL: ${text.trim().slice(0, 200) || 'nothing'}`);
}

export function failed(code: string, message: string): Response {
  return { errors: [{ message, extensions: { code } }] };
}
