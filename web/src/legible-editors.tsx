import { pick, useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';
import { compactJSON } from './compact-json';

const options = { fontSize: 12, lineHeight: 17, wordWrap: 'on', wrappingIndent: 'indent' } as const;

/**
 * Sets a question and its answer so that both can be read side by side on a
 * laptop's screen. Shows nothing of its own.
 */
export function LegibleEditors() {
  const { queryEditor, responseEditor } = useGraphiQL(pick('queryEditor', 'responseEditor'));

  useEffect(() => queryEditor?.updateOptions(options), [queryEditor]);

  useEffect(() => {
    if (!responseEditor) return;
    responseEditor.updateOptions(options);
    const listener = responseEditor.onDidChangeModelContent(() => {
      // Monaco can't take another change before it is done with this one.
      queueMicrotask(() => {
        const answer = responseEditor.getValue();
        const compact = compactAnswer(answer, responseEditor.getLayoutInfo().viewportColumn);
        // Setting the value comes back here; what is compact already stays.
        if (compact !== answer) responseEditor.setValue(compact);
      });
    });
    return () => listener.dispose();
  }, [responseEditor]);

  return null;
}

function compactAnswer(answer: string, width: number): string {
  try {
    return compactJSON(JSON.parse(answer), width);
  } catch {
    return answer; // empty while the answer is awaited
  }
}
