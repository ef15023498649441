import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { LegibleEditors } from './legible-editors';
import { questions } from './questions';
import { QuestionsMenu } from './questions-menu';

const fetcher = createGraphiQLFetcher({ url: '/graphql' });

// A new visitor finds the first question ready to run. Whoever comes back finds
// the tabs as they were left; the menu brings every question back.
const defaultTabs = questions.slice(0, 1).map(({ document }) => ({ query: document }));

/** GraphiQL for the graph behind /graphql of the same origin. */
export function Playground() {
  return (
    <GraphiQL fetcher={fetcher} defaultTabs={defaultTabs}>
      <GraphiQL.Logo>
        <QuestionsMenu />
        <h1>Chancery</h1>
      </GraphiQL.Logo>
      <LegibleEditors />
    </GraphiQL>
  );
}
