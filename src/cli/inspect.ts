import { NotYetError } from '../errors/index.ts';

export async function runInspect(..._parameters: unknown[]): Promise<number> {
  throw new NotYetError('inspect');
}
