import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/bytes/index.ts';
import { type Mutation, MutationBuilder } from '../../../src/storage/mutation/index.ts';
import { type Durability, replayWal, WalWriter } from '../../../src/storage/wal/index.ts';
import { MemoryFileSystem } from '../files/memory-file-system.ts';
import { mutationOf } from '../memtable/random-writes.ts';

const DIRECTORY = '/db/wal';
const builder = new MutationBuilder();

function write(n: number): Mutation {
  const cells = [{ column: 1, path: 0, value: n, isTombstone: false }];
  return mutationOf(builder, { kind: 'row', p: n, c1: n, c2: 'x', time: 5, live: true, ttl: 0, cells });
}

async function newFiles(): Promise<MemoryFileSystem> {
  const files = new MemoryFileSystem();
  await files.makeDirectory(DIRECTORY);
  for (const directory of ['/', '/db']) await files.syncDirectory(directory);
  return files;
}

function openWal(files: MemoryFileSystem, durability: Durability = 'sync', segmentBytes?: number): WalWriter {
  return new WalWriter({ files, directory: DIRECTORY, firstSegment: 1, durability, segmentBytes });
}

interface Replayed {
  readonly assignedMicros: number;
  readonly writes: string[];
  readonly notes: readonly string[];
  readonly truncated: string[];
}

async function replay(files: MemoryFileSystem, repair = true): Promise<Replayed> {
  const writes: string[] = [];
  const truncated: string[] = [];
  const report = await replayWal(
    files,
    DIRECTORY,
    {
      write: (_, bytes, start, end) => void writes.push(toHex(bytes, start, end)),
      truncate: (id, generation, hidesBase) => void truncated.push(`${id} ${generation} ${hidesBase}`),
    },
    { repair },
  );
  return { writes, notes: report.notes, truncated, assignedMicros: report.assignedMicros };
}

/** Where the zeros begin that were written ahead. No record ends with a zero byte here. */
function endOfRecords(bytes: Uint8Array): number {
  let end = bytes.length;
  while (bytes[end - 1] === 0) end--;
  return end;
}

const KINDS = ['', 'LAYOUT', 'WRITE', 'TRUNCATE', 'SYNCED', 'CLOCK'];

/** The header and the records of a segment, as segment-format.ts describes them. */
function regionsOf(bytes: Buffer): { region: string; start: number; end: number }[] {
  const regions = [{ region: 'header', start: 0, end: 20 }];
  for (let start = 20; start < bytes.length; ) {
    const end = start + 12 + bytes.readUInt32BE(start + 4);
    regions.push({ region: KINDS[bytes[start + 12]], start, end });
    start = end;
  }
  return regions;
}

const hexOf = (mutation: Mutation): string => toHex(mutation.bytes);

describe('the write-ahead log', () => {
  it.each(['sync', 'periodic'] as const)('keeps what was durable when the power goes: %s', async (durability) => {
    const files = await newFiles();
    const wal = openWal(files, durability);
    for (let n = 0; n < 20; n++) {
      wal.append([write(n), write(n + 100)]);
      if (n % 3 === 0) await wal.durable();
    }
    await wal.durable();
    wal.append([write(999)]);
    const { writes, notes } = await replay(files.crash());
    expect(writes).toEqual(Array.from({ length: 20 }, (_, n) => [hexOf(write(n)), hexOf(write(n + 100))]).flat());
    expect(notes).toEqual([]);
  });

  it('goes to the file as it grows, though nobody waits for it', async () => {
    const files = await newFiles();
    const wal = openWal(files, 'sync');
    let longest = 0;
    for (let n = 0; wal.appendedBytes < 12 * 1024 * 1024; n++) {
      const before = wal.appendedBytes;
      wal.append(Array.from({ length: 1000 }, () => write(n)));
      longest = Math.max(longest, wal.appendedBytes - before);
      // As COPY FROM does: others get their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    let written = 0;
    for (const { name } of files.listSync(DIRECTORY)) written += files.readFileSync(`${DIRECTORY}/${name}`).length;
    expect(wal.appendedBytes - written).toBeLessThan(4 * 1024 * 1024 + longest);
    await wal.close();
  });

  it('shares a sync among writers that wait together', async () => {
    const wal = openWal(await newFiles());
    await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        wal.append([write(n)]);
        await wal.durable();
      }),
    );
    expect(wal.syncs).toBeLessThanOrEqual(2);
  });

  describe('with syncs that take', () => {
    /** Syncs on the pool and in all of `writers` that write `rounds` times each; each look at the clock is later by `millis`. */
    async function syncsOf(millis: number, writers: number, rounds: number) {
      const files = await newFiles();
      let now = 0;
      const elapsedMillis = () => {
        now += millis;
        return now;
      };
      const wal = new WalWriter({ files, directory: DIRECTORY, firstSegment: 1, durability: 'sync', elapsedMillis });
      let n = 0;
      const synced: string[] = [];
      await Promise.all(
        Array.from({ length: writers }, async () => {
          for (let i = 0; i < rounds; i++) {
            const mutation = write(n++);
            wal.append([mutation]);
            await wal.durable();
            synced.push(hexOf(mutation));
          }
        }),
      );
      expect(new Set((await replay(files.crash())).writes)).toEqual(new Set(synced));
      return { pooled: files.pooledSyncs - 1, all: wal.syncs };
    }

    it('little time holds the event loop for a lone writer, and lets it turn every 10 ms', async () => {
      // Eight to see that it is alone; then of 1,000 syncs of 0.1 ms each 101st, after 100 that held the loop.
      const { pooled, all } = await syncsOf(0.1, 1, 1008);
      expect(all).toBe(1008);
      expect(pooled).toBeGreaterThanOrEqual(8 + 9);
      expect(pooled).toBeLessThanOrEqual(8 + 10);
    });

    it('long never holds the event loop', async () => {
      expect(await syncsOf(1.5, 1, 50)).toEqual({ pooled: 50, all: 50 });
    });

    it('little time shares them among writers that wait together', async () => {
      expect(await syncsOf(0.1, 3, 50)).toEqual({ pooled: 50, all: 50 });
    });

    it('little time refuses all writes when one that holds the event loop fails', async () => {
      const files = await newFiles();
      const wal = new WalWriter({
        files,
        directory: DIRECTORY,
        firstSegment: 1,
        durability: 'sync',
        elapsedMillis: () => 0,
      });
      for (let n = 0; n < 20; n++) {
        wal.append([write(n)]);
        await wal.durable();
      }
      const before = files.pooledSyncs;
      files.fail = (call) => (call.operation === 'sync' ? 'EIO' : null);
      wal.append([write(20)]);
      await expect(wal.durable()).rejects.toMatchObject({ kind: 'WriteFailure' });
      expect(files.pooledSyncs).toBe(before);
      expect(() => wal.append([write(21)])).toThrow(/EIO.*writes are refused/);
      expect((await replay(files.crash())).writes.length).toBe(20);
    });
  });

  it('syncs by itself every period', async () => {
    const files = await newFiles();
    const wal = openWal(files, 'periodic');
    wal.append([write(1)]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await replay(files.crash())).writes).toEqual([hexOf(write(1))]);
    await wal.close();
  });

  it('goes on in new segments and drops old ones', async () => {
    const files = await newFiles();
    const wal = openWal(files, 'sync', 2000);
    for (let n = 0; n < 200; n++) {
      wal.append([write(n)]);
      await wal.durable();
    }
    expect(wal.segmentNumber).toBeGreaterThan(3);
    expect((await replay(files.crash())).writes.length).toBe(200);
    await wal.dropBefore(wal.segmentNumber, [1, 2, 3]);
    expect((await replay(files.crash(), false)).writes.length).toBeLessThan(200);
    await wal.close();
  });

  it('cuts a tail torn at any byte of the last records, and keeps all before', async () => {
    const files = await newFiles();
    const wal = openWal(files);
    const ends: number[] = [];
    for (let n = 0; n < 5; n++) {
      wal.append([write(n)]);
      await wal.durable();
      ends.push(endOfRecords(files.readFileSync(`${DIRECTORY}/00000000000000000001.wal`)));
    }
    const path = `${DIRECTORY}/00000000000000000001.wal`;
    const whole = files.readFileSync(path).subarray(0, ends[4]);
    for (let length = ends[1]; length < whole.length; length++) {
      for (const garbage of [0, 7]) {
        const torn = files.kill();
        torn.corrupt(path, (bytes) => Buffer.concat([bytes.subarray(0, length), Buffer.alloc(garbage, 0xa5)]));
        const intact = ends.filter((end) => end <= length).length;
        const first = await replay(torn);
        expect(first.writes).toEqual(Array.from({ length: intact }, (_, n) => hexOf(write(n))));
        const second = await replay(torn);
        expect(second.writes).toEqual(first.writes);
        expect(second.notes).toEqual([]);
      }
    }
  });

  it('reports damage in what was synced, and reads on behind it', async () => {
    const files = await newFiles();
    const wal = openWal(files);
    for (let n = 0; n < 10; n++) {
      wal.append([write(n)]);
      await wal.durable();
    }
    const path = `${DIRECTORY}/00000000000000000001.wal`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: endOfRecords(files.readFileSync(path)) - 200 }), async (at) => {
        const damaged = files.kill();
        damaged.corrupt(path, (bytes) => {
          bytes[at] ^= 0xff;
          return bytes;
        });
        const { writes, notes } = await replay(damaged);
        const lostLayout = writes.length === 0;
        if (!lostLayout) expect(writes.length).toBeGreaterThanOrEqual(9);
        expect(notes[0]).toMatch(/damage at offset \d+: \d+ bytes of acknowledged writes are lost; the log goes on/);
        expect(damaged.exists(`${path}.damaged`)).toBe(true);
      }),
    );
  });

  it('survives any damage with a note, and never makes up a write', async () => {
    const files = await newFiles();
    const wal = openWal(files, 'sync', 1500);
    const known = new Set<string>();
    for (let n = 0; n < 30; n++) {
      wal.append([write(n)]);
      known.add(hexOf(write(n)));
      await wal.durable();
    }
    const segments = files.paths();
    expect(segments.length).toBeGreaterThan(1);
    const hit = fc.record({ segment: fc.nat(), at: fc.nat(), with: fc.nat(255), cut: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(hit, { minLength: 1, maxLength: 5 }), async (hits) => {
        const damaged = files.kill();
        for (const { segment, at, with: byte, cut } of hits) {
          damaged.corrupt(segments[segment % segments.length], (bytes) => {
            if (bytes.length === 0) return bytes;
            if (cut) return bytes.subarray(0, at % bytes.length);
            bytes[at % bytes.length] = byte;
            return bytes;
          });
        }
        const first = await replay(damaged);
        for (const found of first.writes) expect(known.has(found)).toBe(true);
        // What was cut off at the end of a record cannot be told from what was never written.
        const isTold = hits.every((damage) => !damage.cut);
        if (isTold && first.writes.length < known.size) expect(first.notes.length).toBeGreaterThan(0);
        expect((await replay(damaged)).writes).toEqual(first.writes);
      }),
      { numRuns: 300 },
    );
  });

  it('tells of a bit that flipped anywhere, and loses what was there and no more', async () => {
    const files = await newFiles();
    let micros = 0;
    const assignedMicros = () => micros;
    const wal = new WalWriter({ files, directory: DIRECTORY, firstSegment: 1, durability: 'sync', assignedMicros });
    for (let n = 0; n < 12; n++) {
      micros = 1000 + n;
      if (n === 5) wal.appendTruncate(write(1).table.id, 7, true);
      else wal.append(n % 3 === 0 ? [write(n), write(n + 100)] : [write(n)]);
      if (n % 2 === 0) await wal.durable();
      if (n === 3 || n === 8) await wal.rotate();
    }
    await wal.close();
    const whole = await replay(files.kill());
    expect(whole).toMatchObject({ notes: [], assignedMicros: 1011 });
    const seen = new Set<string>();
    for (const path of files.paths()) {
      for (const { region, start, end } of regionsOf(files.readFileSync(path))) {
        const damaged = files.kill();
        damaged.corrupt(path, (bytes) => bytes.fill(0, start, end));
        // What a file without the record says: its writes are gone, or all of those whose names it had.
        const without = region === 'header' ? whole : await replay(damaged);
        if (region === 'WRITE') expect(without.writes.length).toBeLessThan(whole.writes.length);
        seen.add(region);
        for (let at = start; at < end; at++) {
          for (const mask of [1 << (at & 7), 0xff]) {
            const flipped = files.kill();
            flipped.corrupt(path, (bytes) => {
              bytes[at] ^= mask;
              return bytes;
            });
            const found = await replay(flipped);
            const place = `${path} ${region} byte ${at - start} of ${end - start}`;
            expect(found.writes, place).toEqual(without.writes);
            expect(found.truncated, place).toEqual(without.truncated);
            expect(found.assignedMicros, place).toBe(without.assignedMicros);
            expect(found.notes.join(), place).toMatch(
              region === 'header' ? /the header is damaged; its records are read all the same/ : /damage at|torn tail/,
            );
            if (region === 'WRITE' || region === 'TRUNCATE') {
              expect(found.notes[0], place).toContain(`${end - start} bytes of acknowledged writes are lost`);
            }
            expect({ ...(await replay(flipped)), notes: [] }, place).toEqual({ ...found, notes: [] });
          }
        }
      }
    }
    expect([...seen].sort()).toEqual(['CLOCK', 'LAYOUT', 'SYNCED', 'TRUNCATE', 'WRITE', 'header']);
  }, 60_000);

  it('misses a segment between others', async () => {
    const files = await newFiles();
    const wal = openWal(files, 'sync', 500);
    for (let n = 0; n < 30; n++) {
      wal.append([write(n)]);
      await wal.durable();
    }
    await wal.close();
    const paths = files.paths();
    expect(paths.length).toBeGreaterThan(3);
    await files.remove(paths[1]);
    const { writes, notes } = await replay(files);
    expect(notes).toEqual([`${paths[1]} is missing; what it held of acknowledged writes is lost`]);
    expect(writes.length).toBeLessThan(30);
    await files.remove(paths[0]);
    expect((await replay(files)).notes).toEqual([]);
  });

  it('keeps truncations in their place', async () => {
    const files = await newFiles();
    const wal = openWal(files);
    wal.append([write(1)]);
    wal.appendTruncate(write(1).table.id, 7, true);
    await wal.durable();
    expect((await replay(files.crash())).truncated).toEqual([`${write(1).table.id} 7 true`]);
  });

  it.each(['write', 'sync'] as const)('refuses all writes after a failed %s', async (operation) => {
    const files = await newFiles();
    const wal = openWal(files);
    wal.append([write(1)]);
    await wal.durable();
    files.fail = (call) => (call.operation === operation ? 'ENOSPC' : null);
    wal.append([write(2)]);
    wal.append([write(3)]);
    const waits = [wal.durable(), wal.durable()];
    for (const wait of waits) await expect(wait).rejects.toMatchObject({ kind: 'WriteFailure' });
    expect(() => wal.append([write(4)])).toThrow(/ENOSPC.*writes are refused/);
    await expect(wal.durable()).rejects.toMatchObject({ kind: 'WriteFailure' });
    const { writes } = await replay(files.crash());
    expect(writes).toEqual([hexOf(write(1))]);
  });

  it('reads nothing of a segment whose header was never written', async () => {
    const files = await newFiles();
    const file = await files.open(`${DIRECTORY}/00000000000000000001.wal`, 'create');
    await file.write(Buffer.from('CASS'));
    expect(await replay(files)).toEqual({ writes: [], notes: [], truncated: [], assignedMicros: 0 });
  });
});
