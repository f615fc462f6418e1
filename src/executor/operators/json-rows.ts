import type { SelectedExpression } from '../../planner/index.ts';
import { type CqlType, codecOf, escapeJson, type TypeCodec } from '../../types/index.ts';
import type { Chunk, ChunkSource } from './row-set.ts';

/** Functions that return a timeuuid return a type of its own in Cassandra; in JSON it shows like every timeuuid. */
function shownType(type: CqlType): CqlType {
  const isTimeUuid = type.kind === 'custom' && type.className.endsWith('.LegacyTimeUUIDType');
  return isTimeUuid ? { kind: 'native', name: 'timeuuid' } : type;
}

/** Each row as one JSON text (`Selection.rowToJson`, 5.0.8): names that are not in lower case stand in CQL's quotes. */
export class JsonRows implements ChunkSource {
  private readonly input: ChunkSource;
  private readonly keys: readonly string[];
  private readonly codecs: readonly TypeCodec[];

  constructor(input: ChunkSource, selectors: readonly SelectedExpression[]) {
    this.input = input;
    this.keys = selectors.map(({ name }) => {
      const shown = name === name.toLowerCase() ? name : `"${name}"`;
      return `"${escapeJson(shown)}": `;
    });
    this.codecs = selectors.map(({ expression }) => codecOf(shownType(expression.type)));
  }

  async next(): Promise<Chunk | null> {
    const chunk = await this.input.next();
    if (chunk === null) return null;
    const cells: Uint8Array[] = [];
    for (let row = 0; row < chunk.rowCount; row++) cells.push(Buffer.from(this.rowText(chunk, row)));
    return { rowCount: chunk.rowCount, width: 1, cells };
  }

  private rowText(chunk: Chunk, row: number): string {
    let text = '{';
    for (let column = 0; column < this.keys.length; column++) {
      if (column > 0) text += ', ';
      const cell = chunk.cells[row * chunk.width + column];
      text += this.keys[column];
      text += cell === null ? 'null' : this.codecs[column].toJson(cell, 0, cell.length);
    }
    return `${text}}`;
  }

  close(): void {
    this.input.close();
  }
}
