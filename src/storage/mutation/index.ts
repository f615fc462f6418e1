/** Writes as bytes: what the executor builds, the WAL keeps and the memtable applies. */
export { conditionalMutation } from './conditional-mutation.ts';
export { type Mutation, MutationBuilder } from './mutation-builder.ts';
export { MutationElement, MutationReader } from './mutation-reader.ts';
export { encodeRow, RowDecoder } from './row-encoding.ts';
export { translateMutation } from './translate-mutation.ts';
