import { expect } from 'vitest';
import { defineTable, type TableMetadata } from '../../../src/schema/model/index.ts';
import { type CompactionCandidate, type MergePolicy, policyOf } from '../../../src/storage/compaction/index.ts';
import type { Engine } from '../../../src/storage/engine.ts';
import { type Mutation, MutationBuilder } from '../../../src/storage/mutation/index.ts';
import {
  ClusteringPrefix,
  NO_DELETION_TIME,
  NO_PATH,
  NO_TTL,
  PrefixKind,
  Row,
  readAll,
  Step,
} from '../../../src/storage/rows/index.ts';
import type { WriteVersion } from '../../../src/storage/sstable/write/write-version.ts';
import { openDatabase, schemaOf } from '../engine/test-database.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';

export const DAY_SECONDS = 86_400;

export interface TableSettings {
  readonly compaction: Readonly<Record<string, string>>;
  readonly gcGraceSeconds: number;
  readonly compatibility?: WriteVersion;
}

interface StoredRow {
  readonly value: string;
  /** Seconds; infinite without a TTL. */
  readonly endsAt: number;
}

/**
 * A table under a clock that the test moves, beside what it must show. Every write is later than those before it, as where
 * applications write: so the last one counts, and nothing is written into the past of a purged tombstone.
 */
export class SimulatedTable {
  readonly table: TableMetadata;
  /** The SSTables when the policy was asked last. */
  candidates: readonly CompactionCandidate[] = [];
  flushedBytes = 0;
  private nowMicros = Date.UTC(2026, 0, 1) * 1000;
  private files = new MemoryFileSystem();
  private engine: Engine | null = null;
  private writtenBefore = 0;
  private readonly settings: TableSettings;
  private readonly rows = new Map<string, StoredRow>();
  private readonly builder = new MutationBuilder();
  private readonly row = new Row();

  constructor(settings: TableSettings) {
    this.settings = settings;
    this.files.now = () => this.nowMillis;
    this.table = defineTable({
      keyspace: 'ks',
      name: 't',
      id: '5a1c395e11e811e8a12d0123456789ab',
      columns: [
        { name: 'p', kind: 'partition_key', type: { kind: 'native', name: 'int' } },
        { name: 'c', kind: 'clustering', type: { kind: 'native', name: 'int' } },
        { name: 'v', kind: 'regular', type: { kind: 'native', name: 'blob' } },
      ],
      options: {
        gc_grace_seconds: settings.gcGraceSeconds,
        compaction: new Map(Object.entries(settings.compaction)),
        compression: new Map([['enabled', 'false']]),
      },
    });
  }

  get nowMillis(): number {
    return Math.floor(this.nowMicros / 1000);
  }

  get nowSeconds(): number {
    return Math.floor(this.nowMicros / 1e6);
  }

  pass(seconds: number): void {
    this.nowMicros += seconds * 1e6;
  }

  /** Bytes that compactions wrote since the table was made. */
  async compactedBytes(): Promise<number> {
    return this.writtenBefore + (await this.open()).stats().compaction.bytesWritten;
  }

  async insert(p: number, c: number, value: Uint8Array, ttlSeconds = 0): Promise<void> {
    const { hi, lo } = this.tick();
    const endsAt = this.nowSeconds + ttlSeconds;
    const [ttl, local] = ttlSeconds === 0 ? [NO_TTL, NO_DELETION_TIME] : [ttlSeconds, endsAt];
    await this.write(p, () => {
      this.beginRow(c);
      this.row.setLiveness(hi, lo, ttl, local);
      this.row.addCell(0, hi, lo, ttl, local, value, 0, value.length, 0, NO_PATH);
      this.builder.addRow(this.row);
    });
    this.rows.set(`${p}/${c}`, {
      value: digest(value, 0, value.length),
      endsAt: ttlSeconds === 0 ? Number.POSITIVE_INFINITY : endsAt,
    });
  }

  async deleteRow(p: number, c: number): Promise<void> {
    const { hi, lo } = this.tick();
    await this.write(p, () => {
      this.beginRow(c);
      this.row.deletion.set(hi, lo, this.nowSeconds);
      this.builder.addRow(this.row);
    });
    this.rows.delete(`${p}/${c}`);
  }

  async deleteRange(p: number, from: number, to: number): Promise<void> {
    const { hi, lo } = this.tick();
    const bound = (kind: PrefixKind, c: number): ClusteringPrefix => ClusteringPrefix.of(kind, [int32(c)]);
    await this.write(p, () =>
      this.builder.addRangeTombstone(
        bound(PrefixKind.INCLUSIVE_START_BOUND, from),
        bound(PrefixKind.INCLUSIVE_END_BOUND, to),
        hi,
        lo,
        this.nowSeconds,
      ),
    );
    for (let c = from; c <= to; c++) this.rows.delete(`${p}/${c}`);
  }

  async deletePartition(p: number): Promise<void> {
    const { hi, lo } = this.tick();
    await this.write(p, () => this.builder.deletePartition(hi, lo, this.nowSeconds));
    for (const place of this.rows.keys()) if (place.startsWith(`${p}/`)) this.rows.delete(place);
  }

  async flush(): Promise<void> {
    const flushed = await (await this.open()).flush();
    this.flushedBytes += flushed.reduce((sum, { dataBytes }) => sum + dataBytes, 0);
  }

  async maintain(budgetMs: number): Promise<number> {
    return (await (await this.open()).maintenance({ budgetMs })).pending;
  }

  /** Compacts until the policy has nothing more to do. */
  async rest(): Promise<void> {
    for (let calls = 0; (await this.maintain(50)) > 0; calls++) expect(calls).toBeLessThan(300);
  }

  async compact(): Promise<void> {
    await (await this.open()).compact(this.table);
    await this.maintain(0);
  }

  async reopen(): Promise<void> {
    this.writtenBefore = await this.compactedBytes();
    await this.engine?.close();
    this.engine = null;
  }

  /** Since it was opened. */
  async compactions(): Promise<number> {
    return (await this.open()).stats().compaction.compactions;
  }

  async sstables(): Promise<number> {
    return (await this.open()).stats().tables[0].sstables;
  }

  /** What its SSTables have of tombstones and expiring cells. */
  async tombstones(): Promise<number> {
    return (await this.open()).stats().tables[0].tombstones;
  }

  async expectRows(): Promise<void> {
    const expected = new Map<string, string>();
    for (const [place, { value, endsAt }] of this.rows) {
      if (this.nowSeconds < endsAt) expected.set(place, value);
      else this.rows.delete(place);
    }
    const shown = await this.shown();
    expect(shown.size).toBe(expected.size);
    expect(shown).toEqual(expected);
  }

  async close(): Promise<void> {
    await this.engine?.close();
    this.engine = null;
  }

  private async write(p: number, fill: () => void): Promise<void> {
    this.builder.begin(this.table, int32(p));
    fill();
    const mutation: Mutation = this.builder.finish();
    (await this.open()).applyNow([mutation]);
  }

  private beginRow(c: number): void {
    this.row.clear(false);
    this.row.clustering.shareFrom(ClusteringPrefix.of(PrefixKind.CLUSTERING, [int32(c)]));
  }

  /** The timestamp of the next write. */
  private tick(): { hi: number; lo: number } {
    this.nowMicros++;
    return { hi: Math.floor(this.nowMicros / 2 ** 32), lo: this.nowMicros | 0 };
  }

  private async open(): Promise<Engine> {
    if (this.engine !== null) return this.engine;
    const { compatibility = 'nb' } = this.settings;
    const isNew = this.files.paths().length === 0;
    this.engine = await openDatabase(this.files, { now: () => this.nowMillis, durability: 'none', compatibility });
    if (isNew) await this.engine.changeSchema(schemaOf(this.table));
    this.engine.setMergePolicy(this.table, this.watched());
    return this.engine;
  }

  private watched(): MergePolicy {
    const policy = policyOf(this.table);
    return {
      pick: (tables, time) => {
        this.candidates = tables;
        return policy?.pick(tables, time) ?? null;
      },
    };
  }

  /** Live rows by `p/c`. */
  async shown(): Promise<Map<string, string>> {
    const source = (await this.open()).open(this.table);
    const stream = await source.stream(readAll);
    const rows = new Map<string, string>();
    let p = 0;
    for (let step = stream.next(); step !== Step.END; step = stream.next()) {
      if (step === Step.NEED_MORE) await stream.load();
      else if (step === Step.PARTITION) {
        p = Buffer.from(stream.partition.key).readInt32BE(stream.partition.keyStart);
      } else if (step === Step.ROW) {
        const { row } = stream;
        if (row.cellCount === 0 || !row.isLiveCell(0, this.nowSeconds)) continue;
        const c = Buffer.from(row.clustering.value(0) ?? []).readInt32BE();
        rows.set(`${p}/${c}`, digest(row.cellSource[0], row.valueStart[0], row.valueEnd[0]));
      }
    }
    stream.close();
    source.release();
    return rows;
  }
}

/** Values are random: their first bytes tell them apart. */
function digest(bytes: Uint8Array, start: number, end: number): string {
  return `${Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(8, end - start)).toString('hex')} ${end - start}`;
}

function int32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
