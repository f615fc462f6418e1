import { CqlError } from '../../errors/index.ts';
import type { BindMarker } from '../../parser/ast/index.ts';
import type { BoundValue, ExecuteOptions } from '../session.ts';

/** Values by the markers' index. Throws when there are too few, too many, or none of a name. */
export function boundValues(markers: readonly BindMarker[], values: ExecuteOptions['values']): readonly BoundValue[] {
  if (values === undefined) {
    if (markers.length > 0) throw CqlError.invalidRequest('Invalid amount of bind variables');
    return [];
  }
  if (Array.isArray(values)) {
    if (values.length !== markers.length) throw CqlError.invalidRequest('Invalid amount of bind variables');
    return values;
  }
  const byName = values as ReadonlyMap<string, BoundValue>; // the only other form there is
  return markers.map((marker) => {
    const name = marker.name?.text;
    if (name === undefined || !byName.has(name)) {
      throw CqlError.invalidRequest(
        name === undefined ? 'Invalid amount of bind variables' : `No value for bind marker :${name}`,
      );
    }
    return byName.get(name);
  });
}
