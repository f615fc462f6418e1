/** SSTables in and out. */
export { type ExportedTable, type ExportRequest, exportTable } from './export-table.ts';
export { importSSTables } from './import-sstables.ts';
