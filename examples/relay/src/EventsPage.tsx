import { Suspense, useState } from 'react';
import { graphql, RelayEnvironmentProvider, useLazyLoadQuery, usePaginationFragment, useRefetchableFragment } from 'react-relay';
import type { Environment } from 'relay-runtime';
import type { EventsPageQuery } from './__generated__/EventsPageQuery.graphql';
import type { EventsPageListQuery } from './__generated__/EventsPageListQuery.graphql';
import type { EventsPage_events$key } from './__generated__/EventsPage_events.graphql';
import type { EventsPageNationQuery } from './__generated__/EventsPageNationQuery.graphql';
import type { EventsPage_nation$key } from './__generated__/EventsPage_nation.graphql';
import type { Perspective } from './environment';

/** Events of a perspective that can be switched. An environment for each: nothing of one is shown in another. */
export function EventsPage(props: {
  perspectives: Record<string, Perspective>;
  environmentFor: (perspective: Perspective) => Environment;
}) {
  const [name, choose] = useState(Object.keys(props.perspectives)[0]);
  return (
    <main data-perspective={name}>
      {Object.keys(props.perspectives).map(other => (
        <button key={other} onClick={() => choose(other)}>
          {other}
        </button>
      ))}
      {/* The key: while a new perspective is asked for, the old one's page is gone, not hidden. */}
      <RelayEnvironmentProvider key={name} environment={props.environmentFor(props.perspectives[name])}>
        <Suspense fallback={<p>Asking …</p>}>
          <Answer />
        </Suspense>
      </RelayEnvironmentProvider>
    </main>
  );
}

function Answer() {
  const data = useLazyLoadQuery<EventsPageQuery>(
    graphql`
      query EventsPageQuery($nation: ID!) {
        ...EventsPage_events
        nation(id: $nation) {
          ...EventsPage_nation
        }
      }
    `,
    { nation: 'nation/kz' },
    { fetchPolicy: 'store-or-network' },
  );
  return (
    <>
      {data.nation && <Nation nation={data.nation} />}
      <EventList events={data} />
    </>
  );
}

function EventList(props: { events: EventsPage_events$key }) {
  const { data, hasNext, loadNext } = usePaginationFragment<EventsPageListQuery, EventsPage_events$key>(
    graphql`
      fragment EventsPage_events on Query
      @refetchable(queryName: "EventsPageListQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "Cursor" }) {
        events(first: $count, after: $cursor) @connection(key: "EventsPage_events") {
          totalCount
          edges {
            node {
              id
              name
              start {
                edtf
              }
              claims {
                totalCount
              }
            }
          }
        }
      }
    `,
    props.events,
  );
  return (
    <section data-total={data.events.totalCount}>
      <ul>
        {data.events.edges.map(({ node }) => (
          <li key={node.id} data-event={node.id} data-claims={node.claims.totalCount}>
            {node.name}, {node.start?.edtf ?? 'no date'}
          </li>
        ))}
      </ul>
      {hasNext && <button onClick={() => loadNext(3)}>More</button>}
    </section>
  );
}

function Nation(props: { nation: EventsPage_nation$key }) {
  const [data, refetch] = useRefetchableFragment<EventsPageNationQuery, EventsPage_nation$key>(
    graphql`
      fragment EventsPage_nation on Nation
      @refetchable(queryName: "EventsPageNationQuery")
      @argumentDefinitions(language: { type: "String", defaultValue: "en" }) {
        name(language: $language)
        claims {
          totalCount
        }
      }
    `,
    props.nation,
  );
  return (
    <p data-nation={data.name} data-claims={data.claims.totalCount}>
      {data.name}: {data.claims.totalCount} claims
      <button onClick={() => refetch({ language: 'ru' })}>по-русски</button>
    </p>
  );
}
