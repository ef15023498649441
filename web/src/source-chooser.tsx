import { useEffect, useId, useState } from 'react';
import { type AnswerError, ask } from './ask';
import type { ChosenSource } from './perspective';

const query = `query SourcesToChoose($where: SourceWhere) {
  sources(where: $where, first: 50) {
    totalCount
    nodes { id name published { edtf } publisher { id name } }
  }
}`;

interface Offered {
  totalCount: number;
  nodes: {
    id: string;
    name: string;
    published: { edtf: string } | null;
    publisher: { id: string; name: string } | null;
  }[];
}

/** A button that opens the list of sources and publishers, to choose those whose claims count. */
export function SourceChooser({
  chosen,
  onChange,
}: {
  chosen: readonly ChosenSource[];
  onChange: (chosen: readonly ChosenSource[]) => void;
}) {
  const panel = useId();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [offered, setOffered] = useState<Offered>();
  const [error, setError] = useState<AnswerError>();

  useEffect(() => {
    if (!open) return undefined;
    const controller = new AbortController();
    const where = text.trim() ? { name: { contains: text.trim() } } : null;
    ask({ query, variables: { where } }, { signal: controller.signal }).then(
      ({ data, errors }) => {
        setError(errors?.[0]);
        if (data) setOffered(data.sources as Offered);
      },
      () => {}, // Only an aborted question fails; the next one is under way.
    );
    return () => controller.abort();
  }, [open, text]);

  const publishers = new Map(offered?.nodes.flatMap(({ publisher: p }) => (p ? [[p.id, p.name]] : [])));
  const entries = new Map<string, string>([
    // What is chosen stays in sight, whatever is looked for.
    ...chosen.map(({ id, name }): [string, string] => [id, name]),
    ...[...publishers].map(([id, name]): [string, string] => [id, `everything published by ${name}`]),
    ...(offered?.nodes ?? []).map(({ id, name, published }): [string, string] => [
      id,
      published ? `${name}, ${published.edtf}` : name,
    ]),
  ]);
  const more = (offered?.totalCount ?? 0) - (offered?.nodes.length ?? 0);

  return (
    <>
      <button type="button" className="graphiql-button" popoverTarget={panel}>
        {chosen.length === 0 ? 'All sources' : chosen.length === 1 ? 'One source' : `${chosen.length} sources`}
      </button>
      <div
        id={panel}
        popover="auto"
        role="dialog"
        aria-label="Sources"
        className="sources"
        onToggle={event => setOpen(event.newState === 'open')}
      >
        <label>
          Only claims of these sources, data sets or publishers. None chosen: of all.
          <input
            type="search"
            value={text}
            placeholder="Find by name"
            autoFocus
            onChange={event => setText(event.target.value)}
            onKeyDown={event => {
              // Enter would ask the question of the form around.
              if (event.key === 'Enter') event.preventDefault();
            }}
          />
        </label>
        {error && <p role="alert">{error.message}</p>}
        <ul>
          {[...entries].map(([id, name]) => (
            <li key={id}>
              <label>
                <input
                  type="checkbox"
                  checked={chosen.some(c => c.id === id)}
                  onChange={event =>
                    onChange(
                      event.target.checked ? [...chosen, { id, name }] : chosen.filter(c => c.id !== id),
                    )
                  }
                />
                <span>
                  {name} <small>{id}</small>
                </span>
              </label>
            </li>
          ))}
        </ul>
        {offered?.totalCount === 0 && <p>No source has such a name.</p>}
        {more > 0 && <p>{more.toLocaleString('en')} more: find them by name.</p>}
        <button type="button" className="graphiql-button" popoverTarget={panel} popoverTargetAction="hide">
          Done
        </button>
      </div>
    </>
  );
}
