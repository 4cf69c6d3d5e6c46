// SPDX-License-Identifier: GPL-2.0
/*
 * paths.ts - paths of a browser, of its disk, and in location.hash
 *
 * A path begins with "/" and does not end with one, except the root itself.
 */
import { normalizePath, pathParts } from '@anyfs/core';

/** Convert @path of a browser whose root is @mountPath to a path of the disk. */
export function absolute(mountPath: string, path: string): string {
  const root = mountPath.replace(/\/+$/, '');

  return path === '/' ? root || '/' : root + path;
}

/**
 * Convert @path of the disk to a path of the browser; null: it is not below the root of the
 * browser.
 */
export function relative(mountPath: string, path: string): string | null {
  const root = mountPath.replace(/\/+$/, '');

  if (path === root || path === mountPath)
    return '/';
  return path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}

/** "#/a/b", each part encoded. */
export function hashOf(path: string): string {
  return `#/${pathParts(path).map(encodeURIComponent).join('/')}`;
}

/** The path in location.hash; null: the hash has no path. */
export function pathOfHash(hash: string): string | null {
  if (!hash.startsWith('#/'))
    return null;
  try {
    return normalizePath(hash.slice(1).split('/').map(decodeURIComponent).join('/'));
  } catch {
    return null;
  }
}
