import { pick, useGraphiQL } from '@graphiql/react';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { type Answer, readAnswer, type Table, type Value } from './answer';
import type { Response } from './ask';
import { ErrorList } from './error-list';
import { Footnotes } from './footnotes';
import { inWords } from './perspective';

/**
 * The answer of the open tab to be read: its errors with what to do, its rows with
 * numbers, and the footnotes that those stand for. The JSON is one button away.
 */
export function AnswerView({ onKeepMoment }: { onKeepMoment: (knownAt: string) => void }) {
  const { tabs, activeTabIndex, isFetching } = useGraphiQL(pick('tabs', 'activeTabIndex', 'isFetching'));
  const [view, setView] = useState<'answer' | 'json'>('answer');
  const response = tabs[activeTabIndex]?.response;
  const answered = useMemo(() => parsed(response), [response]);
  const answer = useMemo(() => answered && readAnswer(answered), [answered]);
  const perspective = answered?.extensions?.perspective;

  return (
    <section className="answer" data-view={view} aria-label="Answer">
      <div className="answer-bar">
        <div role="group" aria-label="Show the answer">
          <button type="button" className="graphiql-button" aria-pressed={view === 'answer'} onClick={() => setView('answer')}>
            Answer
          </button>
          <button type="button" className="graphiql-button" aria-pressed={view === 'json'} onClick={() => setView('json')}>
            JSON
          </button>
        </div>
        <p role="status">{isFetching ? 'Asking …' : answer && summary(answer, answered!)}</p>
      </div>
      {view === 'answer' && (
        // Focusable, so that the keyboard can scroll it.
        <div className="answer-text" tabIndex={0} role="region" aria-label="Answer and footnotes">
          {!answered && !isFetching && <p className="hint">Press Ask, or Ctrl-Enter in the question.</p>}
          {answered?.errors && <ErrorList errors={answered.errors} />}
          {answer?.tables.map(table => <AnswerTable key={table.title} table={table} />)}
          {answer && answer.claims.length > 0 && <Footnotes claims={answer.claims} answered={answered!} />}
          {perspective && (
            <p className="stated">
              {inWords(perspective)}.{' '}
              {perspective.knownAt && (
                <button
                  type="button"
                  className="link"
                  title="Sets “Known at” to this moment: the same question then has the same answer, years later"
                  onClick={() => onKeepMoment(perspective.knownAt!)}
                >
                  Keep this moment
                </button>
              )}
            </p>
          )}
        </div>
      )}
    </section>
  );
}

function parsed(response: string | null | undefined): Response | undefined {
  try {
    return response ? (JSON.parse(response) as Response) : undefined;
  } catch {
    return undefined; // unreachable unless GraphiQL keeps something that is no answer
  }
}

function summary({ tables, claims }: Answer, { data, errors }: Response): string {
  const rows = tables.reduce((sum, table) => sum + table.rows.length + table.more, 0);
  const parts: string[] = [];
  if (errors) parts.push(counted(errors.length, 'error'));
  if (data) parts.push(counted(rows, 'row'));
  if (claims.length > 0) parts.push(counted(claims.length, 'footnote'));
  return parts.join(', ');
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function AnswerTable({ table: { title, total, columns, rows, more } }: { table: Table }) {
  const heading = useId();
  const unnamed = columns.every(name => name === '');
  // One row of many columns reads better downwards.
  const upright = rows.length === 1 && columns.length > 4;
  return (
    <div className="answer-table">
      <h2 id={heading}>
        {spaced(title)}
        {total !== undefined && <small> {total === rows.length ? total : `${rows.length} of ${total}`}</small>}
      </h2>
      {rows.length === 0 ? (
        <p>None, as far as the graph knows.</p>
      ) : upright ? (
        <table aria-labelledby={heading}>
          <tbody>
            {columns.map((name, i) => (
              <tr key={name}>
                <th scope="row">{spaced(name)}</th>
                <td>
                  <Cell value={rows[0]![i]!} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <table aria-labelledby={heading}>
          {!unnamed && (
            <thead>
              <tr>
                {columns.map(name => (
                  <th scope="col" key={name}>
                    {spaced(name)}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {rows.map((row, i) => (
              <tr key={i}>
                {row.map((value, k) => (
                  <td key={k}>
                    <Cell value={value} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p>{counted(more, 'more row')}: see the JSON, or ask for smaller pages.</p>}
    </div>
  );
}

function Cell({ value }: { value: Value }): ReactNode {
  return (
    <>
      <Content value={value} />
      {value.notes.map(n => (
        <sup key={n}>
          <a href={`#note-${n}`} aria-label={`Footnote ${n}`}>
            {n}
          </a>
        </sup>
      ))}
    </>
  );
}

function Content({ value }: { value: Value }): ReactNode {
  switch (value.kind) {
    case 'nothing':
      return <span className="nothing">—</span>;
    case 'text':
      return <span title={value.id}>{value.text}</span>;
    case 'parts':
      return value.parts.map(([name, part], i) => (
        <span className="part" key={name}>
          {i > 0 && ' '}
          {name !== 'name' && <small>{spaced(name)} </small>}
          <Cell value={part} />
        </span>
      ));
    case 'list': {
      const short = value.items.every(item => item.kind === 'text');
      const more = value.more > 0 && <small> and {value.more} more</small>;
      if (short) {
        return (
          <>
            {value.items.map((item, i) => (
              <span key={i}>
                {i > 0 && ', '}
                <Cell value={item} />
              </span>
            ))}
            {more}
          </>
        );
      }
      return (
        <ul>
          {value.items.map((item, i) => (
            <li key={i}>
              <Cell value={item} />
            </li>
          ))}
          {more && <li>{more}</li>}
        </ul>
      );
    }
  }
}

/** The schema's isoAlpha2 as “iso alpha 2”. */
function spaced(name: string): string {
  return name
    .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
    .replace(/_/g, ' ')
    .toLowerCase();
}
