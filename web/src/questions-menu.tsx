import { ChevronDownIcon, DropdownMenu, pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { type Question, questions } from './questions';

/**
 * The example questions as a menu. A question opens in a tab of its own, or in
 * the one where it still stands as it was; nothing that was written is lost.
 */
export function QuestionsMenu() {
  const { tabs, queryEditor } = useGraphiQL(pick('tabs', 'queryEditor'));
  const { addTab, changeTab } = useGraphiQLActions();

  function open({ document }: Question) {
    const index = tabs.findIndex(tab => tab.query?.trim() === document);
    if (index >= 0) {
      changeTab(index);
      return;
    }
    addTab();
    queryEditor?.setValue(document);
  }

  return (
    <DropdownMenu>
      <DropdownMenu.Button className="graphiql-button questions-button" disabled={!queryEditor}>
        Questions <ChevronDownIcon aria-hidden="true" />
      </DropdownMenu.Button>
      <DropdownMenu.Content align="end" className="questions">
        {questions.map(question => (
          <DropdownMenu.Item key={question.text} onSelect={() => open(question)}>
            {question.text}
          </DropdownMenu.Item>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu>
  );
}
