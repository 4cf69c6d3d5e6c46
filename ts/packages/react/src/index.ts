// SPDX-License-Identifier: GPL-2.0
/*
 * index.ts - the package's interface
 */
export type { Entry, Files } from './files.js';
export {
  type DirState, type FileState, type FilesState, type LoadOptions, type PartitionsState,
  useAnyfsDir, useAnyfsFile, useAnyfsFiles, useAnyfsPartitions,
} from './hooks.js';
export { useAnyfsDir as useDir, useAnyfsFile as useFile } from './hooks.js';
export { type Changes, type Mutation, useAnyfsMutation } from './mutation.js';
export type { AnyfsDiskStatus, OpeningOptions } from './opening.js';
export {
  AnyfsProvider, type AnyfsProviderProps, type AnyfsState, useAnyfsDisk, useAnyfsDiskMaybe,
} from './provider.js';
export type { FileRange } from './store.js';
