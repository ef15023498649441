/** A document to start from. */
export interface Question {
  /** The question in plain words: the document's first line, a comment. */
  text: string;
  document: string;
}

const documents = import.meta.glob<string>('./examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The example questions, in the order of their file names. */
export const questions: Question[] = Object.keys(documents)
  .sort()
  .map(path => documents[path]!.trim())
  .map(document => ({ text: titleOf(document)!, document }));

/** The question that a document's first line asks as a comment; undefined when it asks none. */
export function titleOf(document: string | null | undefined): string | undefined {
  return /^\s*# *(\S.*)/.exec(document ?? '')?.[1]?.trim();
}
