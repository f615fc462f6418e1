/**
 * The schema's model, its CQL text and its near names, for all above. None of it loads the grammar; DDL is in `ddl/`, CQL
 * text as a source in `sources/cql-source.ts`.
 */
export * from './describe/index.ts';
export {
  hasValidNameCharacters,
  isLocalSystemKeyspace,
  isReplicatedSystemKeyspace,
  isSystemKeyspace,
  isVirtualKeyspace,
} from './keyspace-names.ts';
export * from './model/index.ts';
export { didYouMean, nearestName } from './nearest-name.ts';
