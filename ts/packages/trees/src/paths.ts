// SPDX-License-Identifier: GPL-2.0
/*
 * paths.ts - paths below the root of a browser, and their form in an address
 *
 * A path begins with "/" and does not end with one, except the root itself.
 */

/** The entry @name of the directory @dir. */
export function join(dir: string, name: string): string {
  return dir.endsWith('/') ? dir + name : `${dir}/${name}`;
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '/';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function partsOf(path: string): string[] {
  return path.split('/').filter(Boolean);
}

/** Whether @path is @top or below it. */
export function isBelow(path: string, top: string): boolean {
  return top === '/' || path === top || path.startsWith(`${top}/`);
}

/** "/a//b/../c" is "/a/c".  A path that is not absolute begins at @base. */
export function normalized(path: string, base = '/'): string {
  const parts: string[] = [];

  for (const part of partsOf(path.startsWith('/') ? path : join(base, path)))
    if (part === '..')
      parts.pop();
    else if (part !== '.')
      parts.push(part);
  return `/${parts.join('/')}`;
}

/** The path in the disk of @path in the browser whose root is @mountPath. */
export function absolute(mountPath: string, path: string): string {
  const root = mountPath.replace(/\/+$/, '');

  return path === '/' ? root || '/' : root + path;
}

/** The path in the browser of @path in the disk; null: it is not below the root. */
export function relative(mountPath: string, path: string): string | null {
  const root = mountPath.replace(/\/+$/, '');

  if (path === root || path === mountPath)
    return '/';
  return path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}

/** "#/a/b", each part encoded. */
export function hashOf(path: string): string {
  return `#/${partsOf(path).map(encodeURIComponent).join('/')}`;
}

/** The path in location.hash; null: it holds none. */
export function pathOfHash(hash: string): string | null {
  if (!hash.startsWith('#/'))
    return null;
  try {
    return normalized(hash.slice(1).split('/').map(decodeURIComponent).join('/'));
  } catch {
    return null;
  }
}
