import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';

/**
 * The operation that would run; undefined where the document is not GraphQL or leaves it open. The name may be
 * that of the tab before: of a document with one operation, that is meant.
 */
export function operationOf(document: string, name?: string | null): OperationDefinitionNode | undefined {
  let ast: DocumentNode;
  try {
    ast = parse(document);
  } catch {
    return undefined;
  }
  const operations = ast.definitions.filter(definition => definition.kind === Kind.OPERATION_DEFINITION);
  if (operations.length === 1) return operations[0];
  return name ? operations.find(operation => operation.name?.value === name) : undefined;
}

export function hasDirective(operation: OperationDefinitionNode | undefined, name: string): boolean {
  return operation?.directives?.some(directive => directive.name.value === name) ?? false;
}

/**
 * Adds @cite to a query that has none, on the same line, so that places in the
 * document stay what they are but for that line; placed gives those of the
 * document as it was. What is no query stays as it is.
 */
export function withCitations(document: string, operation: OperationDefinitionNode | undefined) {
  const body = operation?.selectionSet.loc;
  if (!body || operation.operation !== 'query' || hasDirective(operation, 'cite')) {
    return { document, placed: (place: Place) => place };
  }
  const added = operation.loc?.start === body.start ? 'query @cite ' : '@cite ';
  const { line, column } = body.startToken;
  return {
    document: document.slice(0, body.start) + added + document.slice(body.start),
    placed: (place: Place) =>
      place.line === line && place.column >= column + added.length
        ? { line, column: place.column - added.length }
        : place,
  };
}

interface Place {
  line: number;
  column: number;
}
