import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors/index.ts';
import { configPath, loadConfig } from '../../../src/repl/config/config.ts';
import { parseIni } from '../../../src/repl/config/ini.ts';
import { configText, initConfig } from '../../../src/repl/config/init-config.ts';

let home: string;
let environment: NodeJS.ProcessEnv;
let originalHome: string | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cassette-config-'));
  environment = { XDG_CONFIG_HOME: join(home, 'config'), XDG_STATE_HOME: join(home, 'state') };
  originalHome = process.env['HOME'];
  process.env['HOME'] = home;
});

afterEach(() => {
  process.env['HOME'] = originalHome;
  rmSync(home, { recursive: true, force: true });
});

function write(text: string): void {
  const path = configPath(environment);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

describe('config.toml', () => {
  it('is not needed', async () => {
    expect(await loadConfig(environment)).toMatchObject({
      theme: 'auto',
      keys: 'emacs',
      historyFile: join(home, 'state', 'cassette', 'history'),
      settings: { format: 'table', longResults: 'cut' },
    });
  });

  it('sets what it names', async () => {
    write(
      '[ui]\nkeys = "vi"\ntheme = "light"\n[results]\nlong = "pager"\nfloat_precision = 9\n[history]\nenabled = false\n',
    );
    expect(await loadConfig(environment)).toMatchObject({
      keys: 'vi',
      theme: 'light',
      keepHistory: false,
      settings: { longResults: 'pager', floatPrecision: 9 },
    });
  });

  it.each([
    ['[ui]\nkeys = "ed"', /ui\.keys is one of emacs, vi; got "ed"/],
    ['[ui]\ncolour = 1', /unknown option ui\.colour/],
    ['[results]\npage_size = 0', /results\.page_size is a whole number of at least 1; got 0/],
    ['[results\n', /config\.toml: /],
  ])('refuses %j in one clear line', async (text, message) => {
    write(text);
    await expect(loadConfig(environment)).rejects.toThrow(UsageError);
    await expect(loadConfig(environment)).rejects.toThrow(message);
  });

  it('is written by --init-config with every default, and never over another', async () => {
    const path = initConfig(environment);
    expect(readFileSync(path, 'utf8')).toBe(configText());
    const before = await loadConfig(environment);
    writeFileSync(path, configText().replace(/^# (\w+ = )/gm, '$1'));
    // Each default is what the option is without the file.
    expect(await loadConfig(environment)).toEqual(before);
    expect(() => initConfig(environment)).toThrow(UsageError);
    expect(Object.keys(parse(configText()))).toEqual(['ui', 'results', 'history']);
  });
});

describe('cqlshrc', () => {
  it('gives the keys that mean the same here', async () => {
    mkdirSync(join(home, '.cassandra'));
    const text =
      '; comment\n[ui]\ncolor = off\nfloat_precision = 7\ntime_format = %d.%m.%Y %H:%M\ntimezone = Asia/Tokyo\n[connection]\nhostname: x\n[history]\ndisabled = true\n';
    writeFileSync(join(home, '.cassandra', 'cqlshrc'), text);
    expect(await loadConfig(environment)).toMatchObject({
      theme: 'none',
      keepHistory: false,
      settings: { floatPrecision: 7, timeFormat: '%d.%m.%Y %H:%M', timeZone: 'Asia/Tokyo' },
    });
  });

  it('is read as configparser reads it', () => {
    expect(parseIni('[a b]\nKey : v = w\n# x\n\n[c]\nd=\n')).toEqual([
      ['a b.key', 'v = w'],
      ['c.d', ''],
    ]);
  });
});
