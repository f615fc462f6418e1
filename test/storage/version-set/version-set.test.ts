import { describe, expect, it } from 'vitest';
import { VersionSet } from '../../../src/storage/version-set/index.ts';

class Table {
  isOpen = true;
  close(): void {
    this.isOpen = false;
  }
}

describe('a version set', () => {
  it('keeps what a pinned version holds, and lets go with the last pin', () => {
    const [a, b, merged] = [new Table(), new Table(), new Table()];
    const versions = new VersionSet([a, b]);
    const first = versions.pin();
    const second = versions.pin();
    let unused = 0;
    versions.replace([a, b], [merged], () => unused++);
    expect(versions.sstables).toEqual([merged]);
    expect(first.sstables).toEqual([a, b]);
    first.release();
    expect([a.isOpen, b.isOpen, unused]).toEqual([true, true, 0]);
    second.release();
    expect([a.isOpen, b.isOpen, unused]).toEqual([false, false, 1]);
    expect(merged.isOpen).toBe(true);
  });

  it('waits for all that a change replaced', () => {
    const [a, b, c] = [new Table(), new Table(), new Table()];
    const versions = new VersionSet([a]);
    const early = versions.pin();
    versions.replace([], [b], () => {});
    let unused = 0;
    versions.replace([a, b], [c], () => unused++);
    expect([a.isOpen, b.isOpen, unused]).toEqual([true, false, 0]);
    early.release();
    expect([a.isOpen, unused]).toEqual([false, 1]);
  });

  it('closes the current version with the set, and a pinned one with its pin', () => {
    const [a, b] = [new Table(), new Table()];
    const versions = new VersionSet([a]);
    const pin = versions.pin();
    versions.replace([], [b], () => {});
    versions.close();
    expect([a.isOpen, b.isOpen]).toEqual([true, false]);
    pin.release();
    expect(a.isOpen).toBe(false);
  });

  it('says at once when nothing was replaced', () => {
    let unused = 0;
    new VersionSet<Table>().replace([], [new Table()], () => unused++);
    expect(unused).toBe(1);
  });

  it('does not take out what is not in, nor end a pin twice', () => {
    const versions = new VersionSet([new Table()]);
    expect(() => versions.replace([new Table()], [], () => {})).toThrow(/not in the version/);
    const pin = versions.pin();
    pin.release();
    versions.close();
    expect(() => pin.release()).toThrow(/too often/);
  });
});
