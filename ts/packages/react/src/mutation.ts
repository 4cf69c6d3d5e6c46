// SPDX-License-Identifier: GPL-2.0
/*
 * mutation.ts - change files, and reload everything that shows them
 */
import type { Disk } from '@anyfs/core';
import { useCallback, useMemo, useState } from 'react';

import { useDiskContext } from './provider.js';
import { asError } from './resource.js';

/** Calls that change files: those of Disk, with the same parameters. */
export type Changes = Pick<Disk,
  'mkdir' | 'symlink' | 'unlink' | 'rmdir' | 'rm' | 'rename' | 'chmod' | 'writeFile'>;

export interface Mutation extends Changes {
  /** Call @change with the disk; @paths are the paths that it changes. */
  run<T>(change: (disk: Disk) => Promise<T>, ...paths: string[]): Promise<T>;
  /** Number of changes in progress. */
  pending: number;
  /** The error of the last change; null: it has succeeded or is in progress. */
  error: Error | null;
}

/** Make changes to the disk, which must have been opened with write or overlay. */
export function useAnyfsMutation(): Mutation {
  const { disk, store } = useDiskContext();
  const [pending, setPending] = useState(0);
  const [error, setError] = useState<Error | null>(null);
  const run = useCallback(async <T>(change: (disk: Disk) => Promise<T>, ...paths: string[]) => {
    if (!disk)
      throw new Error('no disk is open, or it cannot be changed');
    setPending((count) => count + 1);
    setError(null);
    try {
      return await change(disk);
    } catch (failure) {
      setError(asError(failure));
      throw failure;
    } finally {
      setPending((count) => count - 1);
      // Even after an error: a part of the change may have been made.
      paths.forEach((path) => store?.changed(path));
    }
  }, [disk, store]);
  const changes = useMemo<Changes>(() => ({
    mkdir: (path, mode) => run((d) => d.mkdir(path, mode), path),
    symlink: (target, path) => run((d) => d.symlink(target, path), path),
    unlink: (path) => run((d) => d.unlink(path), path),
    rmdir: (path) => run((d) => d.rmdir(path), path),
    rm: (path) => run((d) => d.rm(path), path),
    rename: (from, to) => run((d) => d.rename(from, to), from, to),
    chmod: (path, mode) => run((d) => d.chmod(path, mode), path),
    writeFile: (path, data) => run((d) => d.writeFile(path, data), path),
  }), [run]);

  return { ...changes, run, pending, error };
}
