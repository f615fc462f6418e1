import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorruptionError } from '../../../src/errors/index.ts';
import { emptyKeyspace, emptySchema, type TableMetadata } from '../../../src/schema/model/index.ts';
import { EmbeddedSession } from '../../../src/session/embedded/embedded-session.ts';
import { DirectoryReader } from '../../../src/storage/read/index.ts';
import { readAll, Step } from '../../../src/storage/rows/index.ts';
import { dumpLines } from '../../../src/storage/sstable/dump/dump.ts';
import { openSSTable, openSSTableSync } from '../../../src/storage/sstable/sstable-reader.ts';
import { type Finding, verifySSTable } from '../../../src/storage/sstable/verify/index.ts';
import { FORMATS, LEGACY } from '../support/corpus.ts';
import { ByteCollector } from './byte-collector.ts';
import { corpusDataFiles } from './corpus-files.ts';
import { SSTableFiles } from './damaged-files.ts';

/** Compressed and not, with row indexes, many partitions, collections, range tombstones; old versions. */
const VICTIMS = /\/(uncompressed_table|chat_messages|wide_rt|comp_zstd)-[^/]*\/[a-z]+-[^/]*Data\.db$/;
const LEGACY_VICTIMS = /^3\.(0\.0|11\.19)[^/]*\/sstables\/(mix|cs_dense)\/m.-1-/;
/** Files that Cassandra makes anew, or that only list others. */
const MADE_ANEW = /-(Filter\.db|Summary\.db|TOC\.txt)$/;
const RUNS_A_COMPONENT = 15;
const MAX_SECONDS = 10;
/** What all of it together may add to the process that runs it, at any moment. */
const MAX_RESIDENT_KIB = 300 * 1024;
const RESIDENT_BEFORE_KIB = process.memoryUsage.rss() / 1024;

const FILES = [
  ...FORMATS.flatMap((format) =>
    corpusDataFiles(format)
      .filter(({ name }) => VICTIMS.test(`/${name}`))
      .filter(({ name }, i, all) => all.findIndex((other) => directoryOf(other.name) === directoryOf(name)) === i),
  ),
  ...LEGACY.flatMap((part) => corpusDataFiles(part).filter(({ name }) => LEGACY_VICTIMS.test(name))),
];

function directoryOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}

interface Damage {
  readonly kind: 'flip' | 'cut' | 'extend' | 'zero' | 'ones';
  /** Where, as a share of the file. */
  readonly at: number;
  readonly length: number;
}

const damages: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'extend', 'zero', 'ones'),
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  length: fc.integer({ min: 1, max: 16 }),
});

describe.each(FILES)('damage to $name', ({ dataPath }) => {
  const files = new SSTableFiles(dataPath);
  const whole = openSSTableSync(files.asFileSystem(), dataPath);
  // The name of its directory need not be one that CQL can say.
  const table = { ...whole.table, keyspace: 'ks', name: 't' };
  whole.close();
  const siblings = files.paths.filter((path) => path !== dataPath);

  it.each(files.paths.map((path) => [basename(path), path]))('%s', async (_name, path) => {
    await fc.assert(
      fc.asyncProperty(damages, async (damage) => {
        files.repair();
        files.damage(path, damaged(files.bytes(path), damage));
        const started = performance.now();
        await useAll(files, dataPath, table);
        await endsWell(() => verifySSTable(files.asFileSystem(), dataPath, () => undefined));
        expect(performance.now() - started).toBeLessThan(MAX_SECONDS * 1000);
      }),
      { numRuns: RUNS_A_COMPONENT },
    );
    expect(process.resourceUsage().maxRSS - RESIDENT_BEFORE_KIB).toBeLessThan(MAX_RESIDENT_KIB);
  });

  it.each(siblings.map((path) => [basename(path), path]))('ends well without %s', async (_name, path) => {
    files.repair();
    files.remove(path);
    const started = performance.now();
    await useAll(files, dataPath, table);
    const findings: Finding[] = [];
    await verifySSTable(files.asFileSystem(), dataPath, (finding) => findings.push(finding));
    expect(performance.now() - started).toBeLessThan(MAX_SECONDS * 1000);
    const isMadeAnew = MADE_ANEW.test(path);
    expect(findings.some((finding) => finding.file === path && finding.detail.startsWith('the file is missing'))).toBe(
      !isMadeAnew,
    );
    if (isMadeAnew) expect(findings).toEqual([]);
  });

  it('is found where the very beginning of partitions is damaged, and nothing but the index tells of more', async () => {
    const reader = openSSTableSync(files.asFileSystem(), dataPath);
    const isCompressed = reader.compression !== null;
    reader.close();
    if (isCompressed) return;
    files.repair();
    for (const path of files.paths) if (/-(CRC\.db|Digest\.crc32|TOC\.txt)$/.test(path)) files.remove(path);
    const bytes = Buffer.from(files.bytes(dataPath));
    files.damage(dataPath, bytes.fill(0xff, bytes.length / 3));
    const findings: Finding[] = [];
    await verifySSTable(files.asFileSystem(), dataPath, (finding) => findings.push(finding));
    expect(findings.length).toBeGreaterThan(1);
  });

  it('is what keeps rows from being read', async () => {
    files.repair();
    expect(await selectAll(files, dataPath, table)).toBeGreaterThan(1);
  });

  it('is found in every chunk of Data.db', async () => {
    files.repair();
    const reader = await openSSTable(files.asFileSystem(), dataPath);
    const { chunks } = reader;
    const bytes = Buffer.from(files.bytes(dataPath));
    const victims = Array.from({ length: chunks.chunkCount }, (_, i) => i).filter((chunk) => chunk % 3 !== 1);
    for (const chunk of victims) bytes[chunks.storedStart(chunk)] ^= 0x10;
    files.damage(dataPath, bytes);
    const findings: Finding[] = [];
    await verifySSTable(files.asFileSystem(), dataPath, (finding) => findings.push(finding));
    const hasChecksums = reader.compression !== null || reader.checksums !== null;
    const found = new Set(findings.map((finding) => finding.place.chunk).filter((chunk) => chunk !== undefined));
    expect(hasChecksums).toBe(true);
    expect([...found].sort((a, b) => a - b)).toEqual(victims);
  });
});

function damaged(bytes: Buffer, { kind, at, length }: Damage): Buffer {
  const start = Math.floor(at * bytes.length);
  const copy = Buffer.from(bytes);
  switch (kind) {
    case 'cut':
      return copy.subarray(0, start);
    case 'extend':
      return Buffer.concat([copy, Buffer.alloc(length, 0x5a)]);
    case 'zero':
      return copy.fill(0, start, Math.min(copy.length, start + length));
    case 'ones':
      return copy.fill(0xff, start, Math.min(copy.length, start + length));
    case 'flip':
      if (copy.length > 0) copy[start] ^= 1 << (length % 8);
      return copy;
  }
}

/** A result, or one clear error. */
async function endsWell(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof CorruptionError)) throw error;
    expect(error.place.file ?? error.message).toBeTruthy();
  }
}

async function useAll(files: SSTableFiles, dataPath: string, table: TableMetadata): Promise<void> {
  await endsWell(() => streamAll(files, dataPath));
  await endsWell(() => selectAll(files, dataPath, table));
  await endsWell(() => dumpAll(files, dataPath));
}

async function streamAll(files: SSTableFiles, dataPath: string): Promise<void> {
  const reader = await openSSTable(files.asFileSystem(), dataPath);
  for (const reversed of [false, true]) {
    const stream = await reader.stream({ ...readAll, reversed });
    for (let step = stream.next(); step !== Step.END; step = stream.next()) {
      if (step === Step.NEED_MORE) await stream.load();
    }
    stream.close();
  }
}

/** As a statement reads it: through the session, with the schema that the whole SSTable has. */
async function selectAll(files: SSTableFiles, dataPath: string, table: TableMetadata): Promise<number> {
  const found = { keyspace: 'ks', table: 't', id: table.id, directories: [], dataFiles: [dataPath], schemaFile: null };
  const discovery = { tables: [found], schemaFiles: [], notes: [] };
  const reader = new DirectoryReader(discovery, files.asFileSystem());
  const keyspace = { ...emptyKeyspace('ks', new Map()), tables: new Map([['t', table]]) };
  const schema = { ...emptySchema, keyspaces: new Map([['ks', keyspace]]) };
  const description = { kind: 'foreign', name: 'ks', readOnly: true, notes: [] } as const;
  const storage = { reader, engine: null, schema, description, close: async () => reader.close() };
  const session = new EmbeddedSession(storage, { dialect: 'strict' });
  let rows = 0;
  try {
    for (const cql of ['SELECT JSON * FROM ks.t', 'SELECT count(*) FROM ks.t']) {
      const result = await session.execute(cql);
      if (result.kind !== 'rows') throw new TypeError(cql);
      for (let chunk = await result.next(); chunk !== null; chunk = await result.next()) rows += chunk.rowCount;
    }
    return rows;
  } finally {
    await session.close();
  }
}

async function dumpAll(files: SSTableFiles, dataPath: string): Promise<void> {
  const reader = await openSSTable(files.asFileSystem(), dataPath);
  await dumpLines(reader, new ByteCollector(), { rawTimestamps: true, nowSeconds: 1_796_000_000 });
}
