import { pick, useGraphiQL } from '@graphiql/react';
import type { AnswerError } from './ask';
import { remedyOf } from './remedies';

/** Errors, each with its code, what is wrong, where, and what to do. */
export function ErrorList({ errors }: { errors: AnswerError[] }) {
  const { queryEditor } = useGraphiQL(pick('queryEditor'));

  function show({ line, column }: { line: number; column: number }) {
    const position = { lineNumber: line, column };
    queryEditor?.setPosition(position);
    queryEditor?.revealPositionInCenterIfOutsideViewport(position);
    queryEditor?.focus();
  }

  return (
    <ul className="errors" aria-label="Errors">
      {errors.map((error, i) => (
        <li key={i}>
          <p>
            {error.extensions?.code && <strong>{error.extensions.code}</strong>} {error.message}
          </p>
          <p className="where">
            {error.path && <>in {error.path.join('.')} </>}
            {error.extensions?.argument && <>at the argument {error.extensions.argument} </>}
            {error.locations?.map(place => (
              <button type="button" className="link" key={`${place.line}:${place.column}`} onClick={() => show(place)}>
                Line {place.line}, column {place.column}
              </button>
            ))}
          </p>
          <p className="remedy">{remedyOf(error)}</p>
        </li>
      ))}
    </ul>
  );
}
