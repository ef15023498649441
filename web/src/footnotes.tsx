import { useEffect, useState } from 'react';
import { ask, type CitedClaim, type Response } from './ask';

const query = `query ClaimsBehindTheAnswer($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Claim {
      id
      attributedTo { name }
      source { name url published { edtf } publisher { name } }
    }
  }
}`;

// The server's lists without pages have 1,000 entries at most.
const batch = 200;

interface Told {
  id: string;
  attributedTo: { name: string }[];
  source: {
    name: string;
    url: string | null;
    published: { edtf: string } | null;
    publisher: { name: string } | null;
  } | null;
}

/**
 * The claims that an answer cites, in the order of their numbers: source, date,
 * place in it, whom it quotes, how sure that is, and a link. What the answer itself
 * says of them is shown at once; names and dates are asked for.
 */
export function Footnotes({ claims, answered }: { claims: string[]; answered: Response }) {
  const [told, setTold] = useState(new Map<string, Told>());
  const [failed, setFailed] = useState<string>();
  const knownAt = answered.extensions?.perspective?.knownAt;

  useEffect(() => {
    const controller = new AbortController();
    setFailed(undefined);
    async function tell() {
      for (let i = 0; i < claims.length; i += batch) {
        const ids = claims.slice(i, i + batch);
        // As known when the answer was given; whatever else restricts it, a source keeps its name and date.
        const extensions = knownAt ? { extensions: { perspective: { knownAt } } } : {};
        const { data, errors } = await ask({ query, variables: { ids }, ...extensions }, { signal: controller.signal });
        if (errors) setFailed(errors[0]?.message);
        const nodes = (data?.nodes ?? []) as (Partial<Told> | null)[];
        setTold(before => {
          const after = new Map(before);
          for (const node of nodes) if (node?.id) after.set(node.id, node as Told);
          return after;
        });
      }
    }
    tell().catch(() => {}); // Only an aborted question fails: another answer is shown by now.
    return () => controller.abort();
  }, [claims, knownAt]);

  return (
    <section aria-labelledby="footnotes-heading">
      <h2 id="footnotes-heading">Who says so</h2>
      {failed && <p role="alert">Names and dates of the sources are missing: {failed}</p>}
      <ol className="footnotes">
        {claims.map((id, i) => (
          <li key={id} id={`note-${i + 1}`} tabIndex={-1}>
            <Footnote id={id} cited={answered.extensions?.claims?.[id]} told={told.get(id)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Footnote({ id, cited, told }: { id: string; cited: CitedClaim | undefined; told: Told | undefined }) {
  const url = cited?.url ?? told?.source?.url;
  const name = told?.source?.name ?? cited?.source ?? id;
  const quoted = told?.attributedTo.map(agent => agent.name).join(', ');
  const rest = [
    told?.source?.publisher?.name,
    told?.source?.published ? `published ${told.source.published.edtf}` : told && 'undated',
    cited?.locator,
    quoted && `quoting ${quoted}`,
    cited?.status.toLowerCase(),
  ].filter(Boolean);
  return (
    <>
      <cite>
        {url && isWebAddress(url) ? (
          <a href={url} target="_blank" rel="noreferrer">
            {name}
          </a>
        ) : (
          name
        )}
      </cite>
      {rest.map(part => `, ${part}`)}
      {'. '}
      <code>{id}</code>
    </>
  );
}


/** Whether it is an address to follow; a source could name any, javascript: among them. */
function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url);
}
