/** Where damage was found; whatever is known. Offsets are in bytes, in the file unless `uncompressed` says otherwise. */
export interface CorruptionPlace {
  readonly file?: string;
  readonly offset?: number;
  /** The offset counts bytes of the uncompressed data. */
  readonly uncompressed?: boolean;
  readonly chunk?: number;
  readonly table?: string;
  readonly column?: string;
}

/** Bytes on disk (or of a value) that no correct writer produces. Never turned into a shorter answer. */
export class CorruptionError extends Error {
  override readonly name = 'CorruptionError';
  readonly code = 'CorruptSSTable';
  readonly detail: string;
  readonly place: CorruptionPlace;

  constructor(detail: string, place: CorruptionPlace = {}, cause?: unknown) {
    super(describe(detail, place), cause === undefined ? undefined : { cause });
    this.detail = detail;
    this.place = place;
  }

  /** The same error with what an outer layer knows of its place; what is already known stays. */
  at(outer: CorruptionPlace): CorruptionError {
    return new CorruptionError(this.detail, { ...outer, ...this.place }, this.cause);
  }
}

function describe(detail: string, place: CorruptionPlace): string {
  const parts: string[] = [];
  if (place.file !== undefined) parts.push(place.file);
  if (place.offset !== undefined) parts.push(`${place.uncompressed ? 'uncompressed ' : ''}offset ${place.offset}`);
  if (place.chunk !== undefined) parts.push(`chunk ${place.chunk}`);
  if (place.table !== undefined) parts.push(`table ${place.table}`);
  if (place.column !== undefined) parts.push(`column ${place.column}`);
  return parts.length === 0 ? detail : `${parts.join(', ')}: ${detail}`;
}
