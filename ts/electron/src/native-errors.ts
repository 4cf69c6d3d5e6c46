// SPDX-License-Identifier: GPL-2.0
/*
 * native-errors.ts - convert errors of @anyfs/native to those of @anyfs/core
 */
import { FsError, KernelDied } from '@anyfs/core';

const DIED = new Set(['ERR_DISK_DIED', 'ERR_DISK_TIMEOUT', 'ERR_DISK_CLOSED']);

export function converted(error: unknown): unknown {
  const { code, errno, syscall, path, message } = (error ?? {}) as NodeJS.ErrnoException;

  if (code !== undefined && DIED.has(code))
    return new KernelDied(message);
  if (!(error instanceof Error) || typeof errno !== 'number' || error instanceof FsError)
    return error;
  const result = new FsError(-errno, syscall ?? 'open', path);
  result.message = message;
  return result;
}

/** Run @body, and convert its errors. */
export async function converting<T>(body: () => Promise<T> | T): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw converted(error);
  }
}
