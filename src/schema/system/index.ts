/** The system keyspaces: their tables (without the CQL parser) and the rows that a session answers. */
export { LazyTables } from './lazy-tables.ts';
export { localRow } from './local-rows.ts';
export { encodeRow, type SystemRow } from './row.ts';
export { systemKeyspaces } from './system-keyspaces.ts';
export { systemSchemaRows } from './system-schema-rows.ts';
export { systemSchemaTables } from './system-schema-tables.ts';
export { systemTables } from './system-tables.ts';
export { systemViewsTables } from './system-views-tables.ts';
export { virtualSchemaRows } from './virtual-schema-rows.ts';
export { virtualSchemaTables } from './virtual-tables.ts';
