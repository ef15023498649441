import type { Response } from './ask';

/** How a value of an answer is shown. Notes are numbers of footnotes, from 1. */
export type Value =
  | { kind: 'nothing'; notes: number[] }
  | { kind: 'text'; text: string; id?: string; notes: number[] }
  | { kind: 'list'; items: Value[]; more: number; notes: number[] }
  | { kind: 'parts'; parts: [name: string, value: Value][]; notes: number[] };

/** One root field of an answer: its rows under their columns. A single thing has one row. */
export interface Table {
  title: string;
  total?: number;
  columns: string[];
  rows: Value[][];
  /** How many rows of the answer are not shown. */
  more: number;
}

export interface Answer {
  tables: Table[];
  /** The ids of the claims that the footnotes are about; note 1 is the first. */
  claims: string[];
}

// What is more than this is for a program to read, and is all in the JSON.
const mostRows = 200;
const mostItems = 30;
const mostNotes = 500;
const mostNotesOfAValue = 5;

type Path = (string | number)[];

/** Reads the data of an answer as tables, and numbers its citations in the order of reading. */
export function readAnswer({ data, extensions }: Response): Answer {
  const cited = new Map(extensions?.citations?.map(({ path, claims }) => [JSON.stringify(path), claims]));
  const numbers = new Map<string, number>();

  function notes(path: Path): number[] {
    const found: number[] = [];
    for (const claim of cited.get(JSON.stringify(path))?.slice(0, mostNotesOfAValue) ?? []) {
      let number = numbers.get(claim);
      if (number === undefined && numbers.size < mostNotes) numbers.set(claim, (number = numbers.size + 1));
      if (number !== undefined) found.push(number);
    }
    return found;
  }

  function read(value: unknown, path: Path, ofNamed = false): Value {
    // Whoever reads of a relation asks who says it, not who calls the other side by its name.
    const found = ofNamed ? [] : notes(path);
    if (value === null || value === undefined) return { kind: 'nothing', notes: found };
    if (Array.isArray(value)) {
      if (value.length === 0) return { kind: 'nothing', notes: found };
      const items = value.slice(0, mostItems).map((item, i) => read(item, [...path, i]));
      return { kind: 'list', items, more: value.length - items.length, notes: found };
    }
    if (typeof value !== 'object') return { kind: 'text', text: String(value), notes: found };

    const members = membersOf(value);
    const list = listOf(value);
    if (list && members.length === 1) return { ...read(list.items, [...path, list.key]), notes: found };
    const parts = members.map(([key, member]): [string, Value] => [
      key,
      read(member, [...path, key], key === 'name' && found.length > 0),
    ]);
    const only = parts.length === 1 ? parts[0]![1] : undefined;
    if (!only) return { kind: 'parts', parts, notes: found };
    const id = 'id' in value && typeof value.id === 'string' ? { id: value.id } : {};
    return { ...only, ...(only.kind === 'text' && id), notes: [...found, ...only.notes] };
  }

  const tables = Object.entries(data ?? {}).map(([key, value]): Table => {
    const list = listOf(value);
    const rows = list?.items ?? [value];
    const at = (i: number): Path => (list ? [key, ...(list.key === '' ? [] : [list.key]), i] : [key]);
    const columns = new Map<string, Path>();
    for (const row of rows.slice(0, mostRows)) for (const [name, path] of columnsOf(row)) columns.set(name, path);
    const total = value !== null && typeof value === 'object' && 'totalCount' in value ? value.totalCount : undefined;
    return {
      title: key,
      ...(typeof total === 'number' && { total }),
      columns: [...columns.keys()],
      rows: rows
        .slice(0, mostRows)
        .map((row, i) => [...columns.values()].map(path => read(within(row, path), [...at(i), ...path]))),
      more: Math.max(0, rows.length - mostRows),
    };
  });
  // Groups and conflicts beside nodes are a table of their own.
  for (const [key, value] of Object.entries(data ?? {})) {
    if (!listOf(value) || value === null || typeof value !== 'object' || !('groups' in value)) continue;
    const { groups } = value;
    if (!Array.isArray(groups) || listOf(value)?.key === 'groups') continue;
    tables.push({
      title: `${key}: groups`,
      columns: membersOf(groups[0] ?? {}).map(([name]) => name),
      rows: groups
        .slice(0, mostRows)
        .map((group, i) => membersOf(group).map(([name, member]) => read(member, [key, 'groups', i, name]))),
      more: Math.max(0, groups.length - mostRows),
    });
  }
  return { tables, claims: [...numbers.keys()] };
}

/** The rows that an object or a list stands for: those of a connection, or its own. */
function listOf(value: unknown): { key: string; items: unknown[] } | undefined {
  if (Array.isArray(value)) return { key: '', items: value };
  if (value === null || typeof value !== 'object') return undefined;
  for (const key of ['nodes', 'edges', 'groups']) {
    const items = (value as Record<string, unknown>)[key];
    if (Array.isArray(items)) return { key, items };
  }
  return undefined;
}

/** The members worth showing: no type names, no pages, and an id only where no name is. */
function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(
    ([key]) => key !== '__typename' && key !== 'pageInfo' && key !== 'cursor' && !(key === 'id' && 'name' in value),
  );
}

/** The columns of a row, with their paths in it; the node of an edge gives its own. */
function columnsOf(row: unknown): [string, Path][] {
  if (row === null || typeof row !== 'object' || Array.isArray(row)) return [['', []]];
  return membersOf(row).flatMap(([key, member]): [string, Path][] =>
    key === 'node' && member !== null && typeof member === 'object' && !Array.isArray(member)
      ? membersOf(member).map(([name]) => [name, ['node', name]])
      : [[key, [key]]],
  );
}

function within(value: unknown, path: Path): unknown {
  return path.reduce((at: unknown, key) => (at as Record<string, unknown> | null | undefined)?.[key], value);
}
