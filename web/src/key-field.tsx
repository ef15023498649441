import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useState } from 'react';
import { keepKey, key } from './key';

/** The field for an API key, where the server asks for one. */
export function KeyField() {
  const { schema } = useGraphiQL(pick('schema'));
  const { introspect } = useGraphiQLActions();
  const [text, setText] = useState(key);
  return (
    <label title="An API key, where the server asks for one. It is kept until this tab is closed.">
      Key
      <input
        type="password"
        name="key"
        value={text}
        placeholder="none"
        spellCheck={false}
        autoComplete="off"
        size={8}
        onChange={event => {
          setText(event.target.value);
          keepKey(event.target.value);
        }}
        onBlur={() => {
          // Without a key, the schema may have been refused.
          if (!schema) void introspect();
        }}
      />
    </label>
  );
}
