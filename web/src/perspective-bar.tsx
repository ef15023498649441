import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { hasDirective } from './cite';
import { KeyField } from './key-field';
import { perspectiveOf, type Settings, statuses, usualSettings } from './perspective';
import { SourceChooser } from './source-chooser';

const meanings: Record<(typeof statuses)[number], string> = {
  CONFIRMED: 'those say so who can know it at first hand',
  REPORTED: 'others say so',
  ASSESSED: 'somebody judges or expects it to be so',
  DENIED: 'a source denies it: seen among claims, never a fact',
};

/** The bar that says which claims count for the next question. */
export function PerspectiveBar({
  settings,
  onChange,
}: {
  settings: Settings;
  onChange: (settings: Settings) => void;
}) {
  const { documentAST, operationName, queryEditor, responseEditor } = useGraphiQL(
    pick('documentAST', 'operationName', 'queryEditor', 'responseEditor'),
  );
  const { run } = useGraphiQLActions();
  const ownPerspective = documentAST?.definitions.some(
    definition =>
      definition.kind === 'OperationDefinition' &&
      (!operationName || definition.name?.value === operationName) &&
      hasDirective(definition, 'perspective'),
  );
  const set = (changed: Partial<Settings>) => onChange({ ...settings, ...changed });

  return (
    <form
      className="perspective"
      aria-label="Perspective: which claims count"
      onSubmit={event => {
        event.preventDefault();
        void run();
      }}
    >
      <label title="The graph as it was known at this moment. Empty: the latest.">
        Known at
        <input
          type="text"
          name="knownAt"
          value={settings.knownAt}
          placeholder="now"
          spellCheck={false}
          autoComplete="off"
          aria-description="A moment, such as 2025-11-06T12:00:00Z. Empty: the latest."
          onChange={event => set({ knownAt: event.target.value })}
        />
      </label>
      <label title="Only what holds in the world on this day. Empty: any day.">
        Valid on
        <input
          type="date"
          name="validAt"
          value={settings.validAt}
          onChange={event => set({ validAt: event.target.value })}
        />
      </label>
      <fieldset>
        <legend>Statuses</legend>
        {statuses.map(status => (
          <label key={status} title={meanings[status]}>
            <input
              type="checkbox"
              name={status}
              checked={settings.statuses.includes(status)}
              onChange={event =>
                set({
                  statuses: statuses.filter(s =>
                    s === status ? event.target.checked : settings.statuses.includes(s),
                  ),
                })
              }
            />
            {status.toLowerCase()}
          </label>
        ))}
      </fieldset>
      <SourceChooser chosen={settings.sources} onChange={sources => set({ sources })} />
      <label title="Number the answer's values, and list the claims behind them">
        <input
          type="checkbox"
          name="cited"
          checked={settings.cited}
          onChange={event => set({ cited: event.target.checked })}
        />
        footnotes
      </label>
      <KeyField />
      <span className="perspective-buttons">
        {/* While the editors load, GraphiQL would do nothing, and say nothing. */}
        <button type="submit" className="graphiql-button" disabled={!queryEditor || !responseEditor}>
          Ask
        </button>
        {perspectiveOf(settings) && (
          <button type="button" className="graphiql-button" onClick={() => onChange({ ...usualSettings, cited: settings.cited })}>
            Reset
          </button>
        )}
      </span>
      {ownPerspective && (
        <p role="note">
          This question has a perspective of its own, <code>@perspective</code>: the bar does not change it.
        </p>
      )}
    </form>
  );
}
