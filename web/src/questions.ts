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
  .map(document => ({ text: document.split('\n', 1)[0]!.replace(/^# /, ''), document }));
