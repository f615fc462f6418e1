import { CqlError } from '../../../src/errors/index.ts';
import { openSession } from '../../../src/session/open-session.ts';
import type { RowsResult } from '../../../src/session/session.ts';
import type { CqlType } from '../../../src/types/index.ts';
import { type Answer, rowText, type Side, type Statement } from './answer.ts';

/** A strict session on a temporary database, on the clock given (milliseconds since 1970). */
export async function cassetteSide(clock: () => number = Date.now): Promise<Side> {
  const session = await openSession({ paths: [], dialect: 'strict', durability: 'none', clock });
  return {
    async run({ cql, values, pageSize }: Statement): Promise<Answer> {
      try {
        const options = pageSize === undefined ? { values } : { values, pageSize };
        let result = await session.execute(cql, options);
        if (result.kind !== 'rows') return { kind: 'rows', columns: [], rows: [], warnings: result.warnings };
        const { warnings } = result;
        const rows = await rowsOf(result);
        for (let state = result.pagingState(); state !== null; state = result.pagingState()) {
          result = await session.execute(cql, { ...options, pagingState: state });
          if (result.kind !== 'rows') throw new TypeError(`a page that is ${result.kind}`);
          rows.push(...(await rowsOf(result)));
        }
        const columns = result.columns.map((column) => `${column.name} ${typeText(column.type)}`);
        return { kind: 'rows', columns, rows, warnings };
      } catch (error) {
        if (error instanceof CqlError) return { kind: 'error', error: error.kind, message: error.message };
        const message =
          error instanceof Error ? `${error.message} ${error.stack?.split('\n').slice(1, 6).join(' ')}` : String(error);
        return { kind: 'error', error: 'CRASH', message };
      }
    },
    close: () => session.close(),
  };
}

async function rowsOf(result: RowsResult): Promise<string[]> {
  const width = result.columns.length;
  const rows: string[] = [];
  for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) {
    for (let row = 0; row < chunk.rowCount; row++)
      rows.push(rowText(chunk.cells.slice(row * width, (row + 1) * width)));
  }
  return rows;
}

function typeText(type: CqlType): string {
  switch (type.kind) {
    case 'native':
      return type.name;
    case 'list':
    case 'set':
      return `${type.kind}<${typeText(type.element)}>`;
    case 'map':
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'tuple':
      return `tuple<${type.elements.map(typeText).join(', ')}>`;
    case 'udt':
      return type.name;
    case 'vector':
      return `vector<${typeText(type.element)}, ${type.dimensions}>`;
    case 'custom':
      return type.className.replaceAll('org.apache.cassandra.db.marshal.', '');
  }
}
