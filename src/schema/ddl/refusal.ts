import { CqlError, type SourcePosition } from '../../errors/index.ts';

interface Where {
  readonly position?: SourcePosition;
  readonly suggestion?: string;
}

/** `InvalidRequestException` */
export function invalid(message: string, where?: Where): CqlError {
  return new CqlError('InvalidRequest', message, where);
}

/** `ConfigurationException` */
export function misconfigured(message: string, where?: Where): CqlError {
  return new CqlError('ConfigurationException', message, where);
}

/** `SyntaxException` that Cassandra's statements throw after parsing: of properties and their values. */
export function malformed(message: string, where?: Where): CqlError {
  return new CqlError('SyntaxException', message, where);
}

export function unauthorized(message: string): CqlError {
  return new CqlError('Unauthorized', message);
}
