import { NotYetError } from '../../errors/index.ts';
import type { EmbeddedStorage } from '../embedded-storage.ts';

export async function writeJsonMutation(_storage: EmbeddedStorage, _mutation: unknown): Promise<void> {
  throw new NotYetError('JSON mutations');
}
