// SPDX-License-Identifier: GPL-2.0
/*
 * manifest.mjs - one line for each file: path, kind, size and sum; in Node and in browsers
 */
export async function sha256(data) {
  const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function describe(disk, path, kind) {
  if (kind === 'link')
    return `link ${await disk.readlink(path)}`;
  if (kind !== 'file')
    return kind;
  const { size } = await disk.stat(path);
  const file = await disk.open(path);
  const data = await file.read(0, size + 1);
  await file.close();
  return `file ${size} ${await sha256(data)}`;
}

/** The lines for everything below @root of @disk, sorted; paths are relative to @root. */
export async function manifest(disk, root) {
  const lines = [];
  root = root.replace(/\/$/, '');
  for await (const { path, entry } of disk.walk(root || '/'))
    if (![`${root}/lost+found`, `${root}/.nilfs`].includes(path))
      lines.push(`${path.slice(root.length + 1)} ${await describe(disk, path, entry.kind)}`);
  return lines.sort();
}
