/** A node without what its text's layout decides: positions, markers' and literals' counts. */
export function withoutPositions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPositions);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key, value]) => !LAYOUT.has(key) && value !== undefined)
      .map(([key, value]) => [key, withoutPositions(value)]),
  );
}

const LAYOUT = new Set(['position', 'index', 'slot']);
