import type { CheckedWrite } from './checked-write.ts';

/**
 * The write with its bind markers counted from `by`, so that the values of several statements stand in one list. Plans are
 * plain values: every object of kind `marker` in it is one.
 */
export function shiftMarkers(write: CheckedWrite, by: number): CheckedWrite {
  if (by === 0) return write;
  const { table, operations, regularOperations, staticOperations, access, conditions, json, timestamp, ttl } = write;
  const shifted = shift(
    { operations, regularOperations, staticOperations, access, conditions, json, timestamp, ttl },
    by,
  );
  return { ...write, table, ...shifted };
}

function shift<T>(value: T, by: number): T {
  // The structure is rebuilt as it was; only indexes of markers differ.
  if (Array.isArray(value)) return value.map((item: unknown) => shift(item, by)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Map) return value;
  const fields = value as Record<string, unknown>;
  if (fields['kind'] === 'marker' && typeof fields['index'] === 'number')
    return { ...value, index: fields['index'] + by };
  const copy: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    // Columns, types and functions are shared and hold no markers.
    copy[name] = SHARED.has(name) ? field : shift(field, by);
  }
  return copy as T;
}

const SHARED = new Set(['column', 'columns', 'type', 'function', 'table']);
