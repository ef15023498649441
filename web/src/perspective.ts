/** Which claims count for a question: the arguments of the schema's @perspective. */
export interface Perspective {
  /** A moment by RFC 3339, such as 2025-11-06T12:00:00Z. */
  knownAt?: string;
  /** A day, such as 2025-11-06. */
  validAt?: string;
  statuses?: string[];
  /** Ids of sources, of data sets, or of publishers. */
  sources?: string[];
}

export const statuses = ['CONFIRMED', 'REPORTED', 'ASSESSED', 'DENIED'] as const;

/** The statuses that count when nobody says otherwise. */
export const usualStatuses: readonly string[] = statuses.slice(0, 3);

/** What the bar of the page is set to. */
export interface Settings {
  knownAt: string;
  validAt: string;
  statuses: readonly string[];
  sources: readonly ChosenSource[];
  /** Whether questions are asked with @cite, for the footnotes. */
  cited: boolean;
}

export interface ChosenSource {
  id: string;
  name: string;
}

export const usualSettings: Settings = { knownAt: '', validAt: '', statuses: usualStatuses, sources: [], cited: true };

/** The perspective to ask with; undefined where nothing differs from the server's own. */
export function perspectiveOf(settings: Settings): Perspective | undefined {
  const perspective: Perspective = {};
  const knownAt = settings.knownAt.trim();
  if (knownAt) perspective.knownAt = knownAt;
  if (settings.validAt) perspective.validAt = settings.validAt;
  // No status at all admits nothing, which is a perspective too.
  if (settings.statuses.join() !== usualStatuses.join()) perspective.statuses = [...settings.statuses];
  if (settings.sources.length > 0) perspective.sources = settings.sources.map(({ id }) => id);
  return Object.keys(perspective).length > 0 ? perspective : undefined;
}

/** A perspective in words, as an answer states it. */
export function inWords({ knownAt, validAt, statuses = [], sources }: Perspective): string {
  const parts = [`As known at ${knownAt ?? 'an unstated moment'}`];
  if (validAt) parts.push(`valid on ${validAt}`);
  parts.push(statuses.length > 0 ? statuses.join(', ').toLowerCase() : 'of no status');
  if (sources) parts.push(sources.length === 1 ? 'one source' : `${sources.length} sources`);
  return parts.join(' · ');
}
