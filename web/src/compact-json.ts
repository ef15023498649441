/**
 * Formats a JSON value like JSON.stringify(value, null, 2), in fewer lines: what
 * fits in width columns stays on one, and a list of longer objects opens and
 * closes together with them ("[{", "}, {", "}]").
 *
 * taken is how many columns of the first line are someone else's.
 */
export function compactJSON(value: unknown, width: number, taken = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);

  if (Array.isArray(value)) {
    const items = value.map(item => compactJSON(item, width - 2));
    const line = `[${items.join(', ')}]`;
    if (fits(line, width - taken)) return line;
    if (items.every(item => item.startsWith('{\n'))) return `[${items.join(', ')}]`;
    return `[\n${indent(items)}\n]`;
  }

  const members = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return name + compactJSON(item, width - 2, name.length);
  });
  if (members.length === 0) return '{}';
  const line = `{ ${members.join(', ')} }`;
  return fits(line, width - taken) ? line : `{\n${indent(members)}\n}`;
}

/** Whether line is one, and leaves room for a comma. */
function fits(line: string, width: number): boolean {
  return line.length < width && !line.includes('\n');
}

function indent(parts: string[]): string {
  return parts.join(',\n').replace(/^/gm, '  ');
}
