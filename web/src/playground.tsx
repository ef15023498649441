import { GraphiQL } from 'graphiql';
import { useRef, useState } from 'react';
import { AnswerView } from './answer-view';
import { fetcherOf } from './fetcher';
import { LegibleEditors } from './legible-editors';
import { type Settings, usualSettings } from './perspective';
import { PerspectiveBar } from './perspective-bar';
import { QuestionTabs } from './question-tabs';
import { questions } from './questions';
import { QuestionsMenu } from './questions-menu';

// A new visitor finds some questions ready to run. Whoever comes back finds the
// tabs as they were left; the menu brings every question back.
const defaultTabs = questions.slice(0, 4).map(({ document }) => ({ query: document }));

/** GraphiQL for the graph behind /graphql of the same origin, with a bar for the perspective and footnotes. */
export function Playground() {
  const [settings, setSettings] = useState(usualSettings);
  const latest = useRef(settings);
  const [fetcher] = useState(() => fetcherOf(() => latest.current));

  function change(changed: Settings) {
    latest.current = changed;
    setSettings(changed);
  }

  return (
    <GraphiQL fetcher={fetcher} defaultTabs={defaultTabs} defaultEditorToolsVisibility={false}>
      <GraphiQL.Logo>
        <div className="masthead">
          <h1>Chancery</h1>
          <QuestionTabs />
          <QuestionsMenu />
        </div>
        <PerspectiveBar settings={settings} onChange={change} />
      </GraphiQL.Logo>
      <LegibleEditors />
      <GraphiQL.Footer>
        <AnswerView onKeepMoment={knownAt => change({ ...settings, knownAt })} />
      </GraphiQL.Footer>
    </GraphiQL>
  );
}
