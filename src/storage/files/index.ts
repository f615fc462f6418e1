/** All file access of storage, behind one small interface. */
export { DurableDirectories } from './durable-directories.ts';
export { type DirectoryEntry, type File, type FileSystem, isMissingFile } from './file-system.ts';
export { nodeFileSystem } from './node-file-system.ts';
