// SPDX-License-Identifier: GPL-2.0
/*
 * native-partitions.ts - convert the tree of @anyfs/native to the partitions of @anyfs/core
 */
import { FsError, type Partition } from '@anyfs/core';
import { errno } from '@anyfs/core/node';
import type { Partition as NativePartition, TreeNode } from '@anyfs/native';

/** @param parts has the offsets, which the tree lacks */
export function partitionsOf(tree: TreeNode, parts: readonly NativePartition[]): Partition[] {
  const tops = tree.children.filter(({ kind }) => kind === 'partition');
  const offsets = new Map(parts.map(({ path, start }) => [path, start]));

  return tops.length ? tops.flatMap((node) =>
    describe(node, 'partition', Number(node.name.slice(1)), offsets.get(node.path) ?? 0)) :
    describe(tree, 'disk', 0, 0);
}

/** @node, and the volumes in it. */
function describe(node: TreeNode, kind: Partition['kind'], index: number, offset: number): Partition[] {
  const part: Partition = {
    kind, path: node.path, index, offset, size: node.size, fstype: null, label: '', uuid: '',
    content: '', locked: false, error: null,
  };
  const volumes = fill(part, node.children[0]);

  return [part, ...volumes.flatMap((volume, i) => describe(volume, 'volume', i, 0))];
}

/** Set what @part contains.  @return the volumes in it */
function fill(part: Partition, inside: TreeNode | undefined): readonly TreeNode[] {
  if (!inside)
    return [];
  if (inside.kind === 'crypt') {
    const volumes = inside.state === 'open' ? fill(part, inside.children[0]) : [];
    part.content = inside.fstype;
    part.locked = inside.errno === -errno.ENOKEY;
    if (!part.locked && inside.state === 'failed')
      part.error = errorOf(inside);
    if (inside.state !== 'open')
      Object.assign(part, { label: inside.label, uuid: inside.uuid });
    return volumes;
  }
  Object.assign(part, { label: inside.label, uuid: inside.uuid });
  if (inside.state === 'failed' && inside.errno !== -errno.EMEDIUMTYPE)
    part.error = errorOf(inside);
  if (inside.kind === 'filesystem')
    part.fstype = inside.state === 'open' ? inside.fstype : null;
  else
    part.content = inside.fstype;
  return inside.kind === 'group' ? inside.children.filter(({ kind }) => kind === 'volume') : [];
}

function errorOf({ errno = 0, error, path }: TreeNode): Error {
  return new FsError(-errno, 'mount', path, error);
}
