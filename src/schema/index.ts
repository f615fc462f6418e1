/** The schema: its model, what changes it, how it prints. Sources that need a parser stand in `sources/cql-source.ts`. */
export * from './describe/index.ts';
export * from './model/index.ts';
