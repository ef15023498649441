import { pick, PlusIcon, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { titleOf } from './questions';

/**
 * The open documents as tabs that are named by their questions. They stand in for
 * GraphiQL's own, which are named by their operations. Arrow keys, Home and End go
 * from one to another; Delete closes one.
 */
export function QuestionTabs() {
  const { tabs, activeTabIndex, queryEditor } = useGraphiQL(pick('tabs', 'activeTabIndex', 'queryEditor'));
  // A tab that is left before the editors are there would come back with another's document.
  const loading = !queryEditor;
  const { addTab, changeTab, closeTab } = useGraphiQLActions();
  const list = useRef<HTMLDivElement>(null);
  const byKey = useRef(false);
  const titles = tabs.map(tab => titleOf(tab.query) ?? (tab.query?.trim() ? tab.title : 'Your question'));
  const activeTitle = titles[activeTabIndex];

  useEffect(() => {
    const active = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    active?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (byKey.current) active?.focus();
    byKey.current = false;
  }, [activeTabIndex, activeTitle, tabs.length]);

  function onKeyDown(event: KeyboardEvent) {
    const goTo = {
      ArrowLeft: (activeTabIndex + tabs.length - 1) % tabs.length,
      ArrowRight: (activeTabIndex + 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    if (goTo !== undefined) changeTab(goTo);
    else if (event.key === 'Delete' && tabs.length > 1) closeTab(activeTabIndex);
    else return;
    byKey.current = true;
    event.preventDefault();
  }

  return (
    <div className="question-tabs">
      <div role="tablist" aria-label="Questions" ref={list} onKeyDown={onKeyDown}>
        {tabs.map((tab, i) => {
          const title = titles[i];
          const active = i === activeTabIndex;
          return (
            <div role="presentation" className={active ? 'question-tab active' : 'question-tab'} key={tab.id}>
              <button
                type="button"
                role="tab"
                aria-selected={active}
                aria-controls="graphiql-session"
                aria-keyshortcuts="Delete"
                tabIndex={active ? 0 : -1}
                title={title}
                disabled={loading}
                onClick={() => changeTab(i)}
              >
                {title}
              </button>
              {tabs.length > 1 && (
                // For pointers; the keyboard has Delete.
                <button
                  type="button"
                  className="close"
                  tabIndex={-1}
                  aria-hidden="true"
                  disabled={loading}
                  onClick={() => closeTab(i)}
                >
                  ×
                </button>
              )}
            </div>
          );
        })}
      </div>
      <button
        type="button"
        className="add-tab"
        aria-label="Ask something else"
        title="Ask something else"
        disabled={loading}
        onClick={addTab}
      >
        <PlusIcon aria-hidden="true" />
      </button>
    </div>
  );
}
