import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CqlError } from '../../errors/index.ts';

/** Names with `*` and `?` in their last part become the files that match, sorted; others must exist. */
export function expandFiles(names: readonly string[], resolvePath: (name: string) => string): readonly string[] {
  return names.flatMap((name) => {
    const path = resolvePath(name);
    const last = path.slice(dirname(path).length).replace(/^\//, '');
    if (!/[*?]/.test(last)) {
      if (!existsSync(path)) throw CqlError.invalidRequest(`Can't open '${path}' for reading: no such file`);
      return [path];
    }
    const pattern = new RegExp(
      `^${last
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    const found = readdirSync(dirname(path))
      .filter((file) => pattern.test(file))
      .sort()
      .map((file) => join(dirname(path), file));
    if (found.length === 0) throw CqlError.invalidRequest(`Can't open '${path}' for reading: no matching file found`);
    return found;
  });
}
