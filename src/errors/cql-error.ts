/** Cassandra's names of what can go wrong with a statement (`org.apache.cassandra.exceptions.ExceptionCode`, 5.0.8). */
export type CqlErrorKind =
  | 'SyntaxException'
  | 'InvalidRequest'
  | 'Unauthorized'
  | 'AlreadyExists'
  | 'ConfigurationException'
  | 'FunctionFailure'
  | 'ReadFailure'
  | 'ReadTimeout'
  | 'WriteFailure'
  | 'WriteTimeout'
  | 'CasWriteUnknown'
  | 'TruncateError'
  | 'Unavailable'
  | 'Overloaded'
  | 'IsBootstrapping'
  | 'ProtocolException'
  | 'ServerError'
  | 'BadCredentials'
  | 'Unprepared';

/** A place in CQL text: `line` counts from 1, `column` from 0 as Cassandra's messages do, `offset` in UTF-16 units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  /** UTF-16 units that the caret underlines; 1 when unknown. */
  readonly length?: number;
}

/** A statement that Cassandra would refuse, or that failed while it ran. `message` is Cassandra's own in strict mode. */
export class CqlError extends Error {
  override readonly name = 'CqlError';
  readonly kind: CqlErrorKind;
  readonly position: SourcePosition | undefined;
  /** What the user may have meant, in words: `did you mean "people"?` */
  readonly suggestion: string | undefined;

  constructor(
    kind: CqlErrorKind,
    message: string,
    options: { position?: SourcePosition; suggestion?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.position = options.position;
    this.suggestion = options.suggestion;
  }

  /** The kind, under the name that Node's own errors and the other families have for it. */
  get code(): CqlErrorKind {
    return this.kind;
  }

  /** This error at a place, and with a suggestion, where it has none of its own. */
  at(position: SourcePosition, suggestion?: string): CqlError {
    if (this.position !== undefined) return this;
    const { cause } = this;
    return new CqlError(this.kind, this.message, { position, suggestion: this.suggestion ?? suggestion, cause });
  }

  static invalidRequest(message: string, options?: { position?: SourcePosition; suggestion?: string }): CqlError {
    return new CqlError('InvalidRequest', message, options);
  }
}
