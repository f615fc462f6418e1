/** All file access of storage, behind one small interface. */
export type { DirectoryEntry, File, FileSystem } from './file-system.ts';
export { nodeFileSystem } from './node-file-system.ts';
