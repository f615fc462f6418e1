import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/bytes/index.ts';
import { defineTable, type TableMetadata } from '../../../src/schema/model/index.ts';
import type { EngineOptions } from '../../../src/storage/engine/engine-options.ts';
import type { Engine } from '../../../src/storage/engine.ts';
import { MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { NO_PATH, type Row, readAll, Step } from '../../../src/storage/rows/index.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { arbitraryWrite, mutationOf, type Write, wideTable } from '../memtable/random-writes.ts';
import { RowModel } from './row-model.ts';
import { openDatabase, schemaOf } from './test-database.ts';

/** Between the ends of the two TTLs that `random-writes` uses. */
const NOW_SECONDS = 1015;

type Operation =
  | { readonly kind: 'write'; readonly writes: readonly Write[] }
  | { readonly kind: 'flush' | 'compact' | 'maintain' | 'reopen' | 'crash' | 'kill' };

const arbitraryOperations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        writes: fc.array(arbitraryWrite, { minLength: 1, maxLength: 4 }),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'flush' as const }) },
    fc.record({ kind: fc.constantFrom('compact', 'maintain', 'reopen', 'crash', 'kill') }),
  ),
  { minLength: 1, maxLength: 25 },
);

function tableWith(gcGraceSeconds: number, strategy: string): TableMetadata {
  return defineTable({
    keyspace: wideTable.keyspace,
    name: wideTable.name,
    id: wideTable.id,
    columns: [...wideTable.columns.values()],
    options: {
      gc_grace_seconds: gcGraceSeconds,
      compaction: new Map([
        ['class', `org.apache.cassandra.db.compaction.${strategy}`],
        ['min_threshold', '2'],
        ['scaling_parameters', 'N'],
      ]),
    },
  });
}

class Run {
  private files = new MemoryFileSystem();
  private engine: Engine | null = null;
  private readonly model = new RowModel();
  private readonly builder = new MutationBuilder();
  private readonly table: TableMetadata;
  private readonly options: Partial<EngineOptions>;

  constructor(table: TableMetadata, options: Partial<EngineOptions>) {
    this.table = table;
    this.options = { ...options, now: () => NOW_SECONDS * 1000 };
  }

  async run(operations: readonly Operation[]): Promise<void> {
    const engine = await this.open();
    await engine.changeSchema(schemaOf(this.table));
    for (const operation of operations) {
      await this.do(operation, await this.open());
      expect(await this.shown()).toEqual(this.model.visible(NOW_SECONDS));
    }
    const last = await this.open();
    await last.compact(this.table);
    expect(await this.shown()).toEqual(this.model.visible(NOW_SECONDS));
    await last.close();
    expect(this.files.paths().filter((path) => path.endsWith('.log'))).toEqual([]);
  }

  private async do(operation: Operation, engine: Engine): Promise<void> {
    switch (operation.kind) {
      case 'write':
        for (const write of operation.writes) this.model.add(write);
        return engine.apply(
          operation.writes.map((write) => ({ ...mutationOf(this.builder, write), table: this.table })),
        );
      case 'flush':
        await engine.flush();
        return;
      case 'compact':
        await engine.compact(this.table);
        return;
      case 'maintain':
        await engine.maintenance({ budgetMs: 5 });
        return;
      case 'reopen':
        await engine.close();
        this.engine = null;
        return;
      case 'crash':
        this.files = this.files.crash();
        this.engine = null;
        return;
      case 'kill':
        this.files = this.files.kill();
        this.engine = null;
        return;
    }
  }

  private async open(): Promise<Engine> {
    this.engine ??= await openDatabase(this.files, this.options);
    expect(this.engine.notes).toEqual([]);
    return this.engine;
  }

  private async shown(): Promise<Map<string, string>> {
    const engine = await this.open();
    const source = engine.open(this.table);
    const stream = await source.stream(readAll);
    const rows = new Map<string, string>();
    let p = 0;
    for (let step = stream.next(); step !== Step.END; step = stream.next()) {
      if (step === Step.NEED_MORE) await stream.load();
      else if (step === Step.PARTITION) {
        p = Buffer.from(stream.partition.key).readInt32BE(stream.partition.keyStart);
      } else if (step === Step.STATIC_ROW || step === Step.ROW) {
        const text = liveText(stream.row);
        if (text !== null) rows.set(`${p}/${placeOf(stream.row)}`, text);
      }
    }
    stream.close();
    source.release();
    return rows;
  }
}

function placeOf(row: Row): string {
  if (row.isStatic) return 'static';
  const [c1, c2] = [row.clustering.value(0), row.clustering.value(1)];
  return `${Buffer.from(c1 ?? []).readInt32BE()}/${Buffer.from(c2 ?? []).toString()}`;
}

function liveText(row: Row): string | null {
  const cells: string[] = [];
  for (let i = 0; i < row.cellCount; i++) {
    if (!row.isLiveCell(i, NOW_SECONDS)) continue;
    const source = row.cellSource[i];
    const path =
      row.pathEnd[i] === NO_PATH ? '' : `[${Number.parseInt(toHex(source, row.pathStart[i], row.pathEnd[i]), 16)}]`;
    const name = row.isStatic ? 's' : ['a', 'b', 'm'][row.cellColumn[i]];
    cells.push(`${name}${path}=${toHex(source, row.valueStart[i], row.valueEnd[i])}`);
  }
  return cells.length > 0 || row.isLiveLiveness(NOW_SECONDS) ? cells.join(' ') : null;
}

describe('a database', () => {
  it.each([
    ['nb', 'SizeTieredCompactionStrategy'],
    ['oa', 'UnifiedCompactionStrategy'],
    ['da', 'LeveledCompactionStrategy'],
  ] as const)(
    'shows what a plain model shows, whatever happens in between: %s, %s',
    async (compatibility, strategy) => {
      await fc.assert(
        fc.asyncProperty(arbitraryOperations, (operations) =>
          new Run(tableWith(864000, strategy), { compatibility }).run(operations),
        ),
        { numRuns: 60 },
      );
    },
  );

  it('purges tombstones at once without gc grace, and nothing comes back', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryOperations, (operations) => {
        // Cassandra too resurrects what is written in the past of a purged tombstone.
        let time = 10;
        const inOrder = operations.map((operation) =>
          operation.kind === 'write'
            ? { ...operation, writes: operation.writes.map((write) => ({ ...write, time: (time += 2) })) }
            : operation,
        );
        return new Run(tableWith(0, 'SizeTieredCompactionStrategy'), {}).run(inOrder);
      }),
      { numRuns: 80 },
    );
  });
});
