const WARNING =
  /\/\*\s*Warning: Table \S+ omitted because it has constructs not compatible with CQL[^\n]*\n[\s\S]*?\n\n([\s\S]*?;)\s*\*\//g;

/**
 * Takes the definitions of compact tables out of the comments in which DESCRIBE prints them ("Approximate structure, for
 * reference"). Lines stay where they are, so that errors point right.
 */
export function unwrapCompactTables(text: string): string {
  return text.replaceAll(WARNING, (comment, definition: string) => {
    const before = comment.slice(0, comment.indexOf(definition));
    const after = comment.slice(before.length + definition.length);
    return blank(before) + definition + blank(after);
  });
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, ' ');
}
