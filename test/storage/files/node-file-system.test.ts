import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeFileSystem as files } from '../../../src/storage/files/index.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cassette-files-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

it('writes at the end and reads anywhere', async () => {
  const path = join(directory, 'a');
  const file = await files.open(path, 'create');
  await file.write(Buffer.from('hello '));
  file.writeSync(Buffer.from('world'));
  await file.sync();
  expect(file.size()).toBe(11);
  const target = Buffer.alloc(10, '.');
  expect(await file.read(target, 1, 8, 6)).toBe(5);
  expect(target.toString()).toBe('.world....');
  expect(file.readSync(target, 0, 4, 100)).toBe(0);
  await file.close();
  const again = await files.open(path, 'append');
  await again.write(Buffer.from('!'));
  await again.truncate(5);
  again.writeSync(Buffer.from('?'));
  again.closeSync();
  expect((await files.readFile(path)).toString()).toBe('hello?');
});

it('renames over, links, lists and removes', async () => {
  const sub = join(directory, 'x/y');
  await files.makeDirectory(sub);
  (await files.open(join(sub, 'one'), 'create')).closeSync();
  await files.link(join(sub, 'one'), join(sub, 'two'));
  await files.rename(join(sub, 'one'), join(sub, 'two'));
  await files.syncDirectory(sub);
  expect((await files.list(directory)).filter((entry) => entry.isDirectory).map((entry) => entry.name)).toEqual(['x']);
  expect(files.listSync(sub).map((entry) => entry.name)).toContain('two');
  for (const { name } of files.listSync(sub)) await files.remove(join(sub, name));
  await files.removeDirectory(sub);
  expect(files.exists(sub)).toBe(false);
});

it('fails with the names that Node gives', async () => {
  expect(() => files.openSync(join(directory, 'none'))).toThrow(/ENOENT/);
  const file = await files.open(join(directory, 'b'), 'create');
  file.closeSync();
  file.closeSync();
  expect(() => file.writeSync(Buffer.from('x'))).toThrow();
  expect(() => file.syncSync()).toThrow(/ '.*\/b'$/);
  await expect(file.sync()).rejects.toThrow(/ '.*\/b'$/);
  await expect(file.truncate(0)).rejects.toThrow(/ '.*\/b'$/);
  await expect(file.read(Buffer.alloc(1), 0, 1, 0)).rejects.toThrow();
});

it.skipIf(!existsSync('/dev/full'))('says which file a full disk could not take', async () => {
  const file = await files.open('/dev/full', 'append');
  const bytes = Buffer.alloc(8);
  const error = expect.objectContaining({
    code: 'ENOSPC',
    path: '/dev/full',
    message: "ENOSPC: no space left on device, write '/dev/full'",
  });
  expect(() => file.writeSync(bytes)).toThrow(error);
  expect(() => file.writeAtSync(bytes, 0)).toThrow(error);
  await expect(file.write(bytes)).rejects.toEqual(error);
  await file.close();
});
