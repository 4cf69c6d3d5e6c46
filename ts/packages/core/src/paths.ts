// SPDX-License-Identifier: GPL-2.0
/*
 * paths.ts - parts of absolute paths; slashes at the end are ignored
 */

/** The path of the entry @name of directory @dir. */
export function joinPath(dir: string, name: string): string {
  return dir.endsWith('/') ? dir + name : `${dir}/${name}`;
}

/** The directory that contains @path; "/" for "/". */
export function parentPath(path: string): string {
  const trimmed = trimEnd(path);

  return trimEnd(trimmed.slice(0, trimmed.lastIndexOf('/') + 1)) || '/';
}

/** The last component of @path; "" for "/". */
export function baseName(path: string): string {
  const trimmed = trimEnd(path);

  return trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

/** The components of @path. */
export function pathParts(path: string): string[] {
  return path.split('/').filter(Boolean);
}

/** Whether @path is @top or below it. */
export function isBelow(path: string, top: string): boolean {
  const root = trimEnd(top);

  return path === root || path.startsWith(`${root}/`);
}

/**
 * Normalise @path: "/a//b/../c" becomes "/a/c".  Symbolic links are not considered.  A relative
 * path begins at @base.
 */
export function normalizePath(path: string, base = '/'): string {
  const parts: string[] = [];

  for (const part of pathParts(path.startsWith('/') ? path : joinPath(base, path)))
    if (part === '..')
      parts.pop();
    else if (part !== '.')
      parts.push(part);
  return `/${parts.join('/')}`;
}

function trimEnd(path: string): string {
  return path.endsWith('/') ? path.replace(/\/+$/, '') : path;
}
