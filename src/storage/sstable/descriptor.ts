import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../errors/index.ts';
import type { Component } from './component.ts';
import { type SSTableVersion, sstableVersion } from './sstable-version.ts';

/**
 * Names one SSTable (`io/sstable/Descriptor`, 5.0.8).
 *
 *   VERSION-ID-FORMAT-COMPONENT       nb-12-big-Data.db, da-3h5p_02zj_1bsoq29evwsttol6qk-bti-Data.db
 *   ID                                a sequence number, or a time-based UUID in base 36: days_seconds_ticks+node
 */
export interface Descriptor {
  readonly directory: string;
  readonly version: SSTableVersion;
  readonly id: string;
  /** `nb-12-big`, in front of each component's name. */
  readonly baseName: string;
}

const NAME = /^([a-z]{2})-([0-9]+|[0-9a-z]{4}_[0-9a-z]{4}_[0-9a-z]{18})-(big|bti)-(.+)$/i;

/** The descriptor of a component's path, or null when its name is none. */
export function parseDescriptor(path: string): { descriptor: Descriptor; component: string } | null {
  const match = NAME.exec(basename(path));
  if (match === null) return null;
  const [, versionName, id, format, component] = match;
  const version = sstableVersion(format, versionName);
  if (version === null) return null;
  const baseName = `${versionName}-${id}-${format}`;
  return { descriptor: Object.freeze({ directory: dirname(path), version, id, baseName }), component };
}

/** The descriptor of a `*-Data.db` path; a UsageError says what is wrong with any other. */
export function descriptorOfData(path: string): Descriptor {
  const parsed = parseDescriptor(path);
  if (parsed === null || parsed.component !== 'Data.db') throw notAnSSTable(path);
  return parsed.descriptor;
}

/** The Data.db of the SSTable that a path names by any of its components; null when it names none. */
export function dataFileOf(path: string): string | null {
  const parsed = parseDescriptor(path);
  if (parsed !== null) return componentPath(parsed.descriptor, 'Data.db');
  return path.endsWith('-Data.db') ? path : null;
}

export function notAnSSTable(path: string): UsageError {
  return new UsageError(`${path}: not the name of an SSTable that can be read (as nb-1-big-Data.db)`);
}

/** A component's path; TOC.txt may name others than ours, those of indexes. */
export function componentPath(descriptor: Descriptor, component: Component | (string & {})): string {
  return join(descriptor.directory, `${descriptor.baseName}-${component}`);
}

/** Order by age: sequence numbers first, then UUIDs by their time, which their text sorts by. */
export function compareIds(a: string, b: string): number {
  const aNumber = /^\d+$/.test(a);
  const bNumber = /^\d+$/.test(b);
  if (aNumber !== bNumber) return aNumber ? -1 : 1;
  if (aNumber) return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
  return a < b ? -1 : a > b ? 1 : 0;
}
