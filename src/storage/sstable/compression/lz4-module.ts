import { createRequire } from 'node:module';

/** The part of lz4-napi's own declaration that is used. */
export interface Lz4Module {
  compressSync(data: Buffer): Buffer;
  uncompressSync(data: Uint8Array): Buffer;
}

/** What the names of lz4-napi's binary packages end with, where it is not the platform's name alone. */
const ABI: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: '-gnu', win32: '-msvc' };

let loaded: Lz4Module | null = null;

/**
 * lz4-napi's binary. The package's own way to it reads and runs files to learn which libc there is, 4 ms of a one-shot
 * query; where npm has laid the binary's package beside, it is loaded as it is.
 */
export function lz4Module(): Lz4Module {
  const load = createRequire(import.meta.url);
  if (loaded === null) {
    try {
      loaded = load(
        `@antoniomuso/lz4-napi-${process.platform}-${process.arch}${ABI[process.platform] ?? ''}`,
      ) as Lz4Module;
    } catch {
      loaded = load('lz4-napi') as Lz4Module;
    }
  }
  return loaded;
}
