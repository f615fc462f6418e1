import { StatementSplitter } from '../parser/splitter.ts';
import type { Source } from './arguments.ts';

/** EXPLAIN ANALYZE runs what it explains. */
const READS =
  /^(?:select|describe|desc|explain(?!\s+analyze\b(?!\s+select\b))|show|list|use|help|expand|paging|tracing|consistency|serial)\b/i;

/** Whether `-e` texts ask for reading only: then a PATH that is not there is a mistake, and no database to be made. */
export function onlyReads(sources: readonly Source[]): boolean {
  return sources.length > 0 && sources.every((source) => source.kind === 'text' && isAllReads(source.cql));
}

function isAllReads(cql: string): boolean {
  const splitter = new StatementSplitter();
  splitter.push(cql);
  splitter.end();
  for (let statement = splitter.next(); statement !== null; statement = splitter.next()) {
    if (!READS.test(statement.text)) return false;
  }
  return true;
}
