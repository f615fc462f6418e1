/** The 32 digits of a table's id as a UUID with dashes. */
export function formatTableId(id: string): string {
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
}

/** 32 lower-case digits of a UUID with or without dashes; undefined when it is none. */
export function parseTableId(text: string): string | undefined {
  const digits = text.replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? digits : undefined;
}
