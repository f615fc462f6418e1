import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** A file with more lines is split; most have a fraction. Grammar rules of one family belong together. */
const MAX_LINES = { src: 500, grammar: 650 } as const;

function filesUnder(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const files = ['src', 'grammar'].flatMap(filesUnder);

interface Ban {
  readonly what: string;
  readonly pattern: RegExp;
  readonly instead: string;
  readonly except?: RegExp;
}

const BANS: readonly Ban[] = [
  {
    what: 'Buffer.read…',
    pattern: /\.read(?:U?Int|BigU?Int|Float|Double)\w*\(/,
    instead: 'src/bytes/byte-cursor.ts',
    except: /^src\/(bytes|executor|types)\//,
  },
  {
    what: 'console.log',
    pattern: /console\.(log|error|warn)\(/,
    instead: 'an OutputSink',
    except: /^src\/(cli|repl)\//,
  },
  { what: 'bare Error', pattern: /throw new Error\(/, instead: 'a class of src/errors' },
  { what: 'any', pattern: /(?::|<|as) any\b/, instead: 'unknown or a real type' },
  { what: 'leftover note', pattern: /\b(FIXME|XXX|HACK|TODO)\b/, instead: 'doing it, or an issue' },
  {
    what: 'a clock below the session',
    pattern: /Date\.now\(\)|new Date\(\)/,
    instead: 'the statement’s now',
    except: /^src\/(session|cli|repl|server|transfer|storage\/(engine|wal|compaction|export|sstable\/write))/,
  },
];

describe('tidy', () => {
  it.each(BANS)('no $what', ({ pattern, except, instead }) => {
    const faults: string[] = [];
    for (const file of files) {
      if (except?.test(file)) continue;
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .forEach((line, i) => {
          if (!/^\s*(\*|\/\/|\/\*)/.test(line) && pattern.test(line)) faults.push(`${file}:${i + 1} (use ${instead})`);
        });
    }
    expect(faults).toEqual([]);
  });

  it('has no file that outgrew its name', () => {
    const long = files.filter((file) => {
      const limit = file.startsWith('grammar/') ? MAX_LINES.grammar : MAX_LINES.src;
      return readFileSync(join(root, file), 'utf8').split('\n').length > limit;
    });
    expect(long).toEqual([]);
  });

  it('has no room called utils, helpers or common', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common)(\/|\.)/.test(file))).toEqual([]);
  });

  it('has no test that measures time; benchmarks do', () => {
    // These two only give up waiting: for a screen, and for a reader of damaged files to come to an end.
    const patient = /^test\/(repl\/pty\/pty-shell|storage\/sstable\/damage\.test)\.ts$/;
    const timed = filesUnder('test').filter(
      (file) =>
        !patient.test(file) && /performance\.now\(|hrtime|cpuUsage\(/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(timed.filter((file) => file !== 'test/project/tidy.test.ts')).toEqual([]);
  });
});
